/** Pools authenticated connections, with limits per account, per server and in total. */
@NullMarked
package postern.imap.pool;

import org.jspecify.annotations.NullMarked;
