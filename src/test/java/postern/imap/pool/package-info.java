@NullMarked
package postern.imap.pool;

import org.jspecify.annotations.NullMarked;
