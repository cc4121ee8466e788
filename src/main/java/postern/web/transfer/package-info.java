/** Transfer of octets: upload spool, ZIP, counting. */
@NullMarked
package postern.web.transfer;

import org.jspecify.annotations.NullMarked;
