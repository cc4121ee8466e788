/** Claims about {@code postern.web}. */
@NullMarked
package postern.web;

import org.jspecify.annotations.NullMarked;
