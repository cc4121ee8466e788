/** Octets on their way in and out: upload spool, ZIP, counting. */
@NullMarked
package postern.web.transfer;

import org.jspecify.annotations.NullMarked;
