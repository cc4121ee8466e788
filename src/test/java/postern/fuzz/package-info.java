/** Feeds made-up octets to everything that reads what strangers send. */
@NullMarked
package postern.fuzz;

import org.jspecify.annotations.NullMarked;
