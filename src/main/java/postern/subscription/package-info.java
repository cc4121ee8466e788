/** Subscriptions of apps that are told of changes by requests to their own servers. */
@NullMarked
package postern.subscription;

import org.jspecify.annotations.NullMarked;
