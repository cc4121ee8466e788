/** Plain text bodies: format=flowed, quotations, links. */
@NullMarked
package postern.mime.text;

import org.jspecify.annotations.NullMarked;
