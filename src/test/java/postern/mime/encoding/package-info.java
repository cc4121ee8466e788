/** Claims about {@code postern.mime.encoding}. */
@NullMarked
package postern.mime.encoding;

import org.jspecify.annotations.NullMarked;
