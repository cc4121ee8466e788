/** HTML bodies: made safe, quotations folded, turned into text. */
@NullMarked
package postern.mime.html;

import org.jspecify.annotations.NullMarked;
