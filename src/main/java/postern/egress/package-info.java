/** Requests to hosts that a stranger may have chosen: only to public addresses, and bounded. */
@NullMarked
package postern.egress;

import org.jspecify.annotations.NullMarked;
