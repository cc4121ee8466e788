/** Tests of {@code postern.changes}. */
@NullMarked
package postern.changes;

import org.jspecify.annotations.NullMarked;
