/** Random requests made from the contract, and every answer compared with the contract. */
@NullMarked
package postern.contract;

import org.jspecify.annotations.NullMarked;
