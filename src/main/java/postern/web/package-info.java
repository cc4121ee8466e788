/** What every endpoint shares: caller, problems, ETags, cursors, and the contract's document. */
@NullMarked
package postern.web;

import org.jspecify.annotations.NullMarked;
