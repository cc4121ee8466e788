/** Fuzzes all readers of untrusted octets. */
@NullMarked
package postern.fuzz;

import org.jspecify.annotations.NullMarked;
