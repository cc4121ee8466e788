/** Claims about {@code postern.mime.html}. */
@NullMarked
package postern.mime.html;

import org.jspecify.annotations.NullMarked;
