/** Random and exhaustive checks of the whole gateway against a model of the mailbox. */
@NullMarked
package postern.model;

import org.jspecify.annotations.NullMarked;
