/** The addresses that a user may send as. */
@NullMarked
package postern.identity;

import org.jspecify.annotations.NullMarked;
