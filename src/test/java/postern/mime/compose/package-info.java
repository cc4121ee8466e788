/** Claims about {@code postern.mime.compose}. */
@NullMarked
package postern.mime.compose;

import org.jspecify.annotations.NullMarked;
