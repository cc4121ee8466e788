/** Every operation of the contract on every server. */
@NullMarked
package postern.operations;

import org.jspecify.annotations.NullMarked;
