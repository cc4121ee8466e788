/** What one request makes the gateway do at other servers. */
@NullMarked
package postern.trace;

import org.jspecify.annotations.NullMarked;
