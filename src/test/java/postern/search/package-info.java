/** Claims about {@code postern.search}. */
@NullMarked
package postern.search;

import org.jspecify.annotations.NullMarked;
