/** Keeps connections to submission servers for later messages. */
@NullMarked
package postern.smtp.pool;

import org.jspecify.annotations.NullMarked;
