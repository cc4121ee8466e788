/** Ends connections that take too long. */
@NullMarked
package postern.deadline;

import org.jspecify.annotations.NullMarked;
