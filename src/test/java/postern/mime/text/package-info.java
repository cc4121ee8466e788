/** Claims about {@code postern.mime.text}. */
@NullMarked
package postern.mime.text;

import org.jspecify.annotations.NullMarked;
