/** Claims about {@code postern.mime}. */
@NullMarked
package postern.mime;

import org.jspecify.annotations.NullMarked;
