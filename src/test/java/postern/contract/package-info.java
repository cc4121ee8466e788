/**
 * Random requests made from the contract, and every answer compared with the contract; the contract
 * compared with that of the last release.
 */
@NullMarked
package postern.contract;

import org.jspecify.annotations.NullMarked;
