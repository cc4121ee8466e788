/** HTML bodies: sanitising, folding of quotations, conversion to text. */
@NullMarked
package postern.mime.html;

import org.jspecify.annotations.NullMarked;
