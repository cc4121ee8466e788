/** The small values that all replicas of the gateway share. */
@NullMarked
package postern.shared;

import org.jspecify.annotations.NullMarked;
