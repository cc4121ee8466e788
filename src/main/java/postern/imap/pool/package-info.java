/** Keeps authenticated connections, bounded per account and in all. */
@NullMarked
package postern.imap.pool;

import org.jspecify.annotations.NullMarked;
