/** Claims about {@code postern.mime.header}. */
@NullMarked
package postern.mime.header;

import org.jspecify.annotations.NullMarked;
