/** Tests of {@code postern.events}. */
@NullMarked
package postern.events;

import org.jspecify.annotations.NullMarked;
