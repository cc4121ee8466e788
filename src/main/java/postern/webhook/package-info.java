/** Signed requests to the servers of apps. */
@NullMarked
package postern.webhook;

import org.jspecify.annotations.NullMarked;
