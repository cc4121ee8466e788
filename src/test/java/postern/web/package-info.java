/** What every endpoint shares, and the contract's document. */
@NullMarked
package postern.web;

import org.jspecify.annotations.NullMarked;
