/** Finds octets in arrays, eight at a time. */
@NullMarked
package postern.octets;

import org.jspecify.annotations.NullMarked;
