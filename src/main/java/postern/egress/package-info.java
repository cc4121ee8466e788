/**
 * Requests to other hosts, bounded in time and size: to hosts that a stranger may have chosen and
 * that must be public, and to endpoints that the operator has configured.
 */
@NullMarked
package postern.egress;

import org.jspecify.annotations.NullMarked;
