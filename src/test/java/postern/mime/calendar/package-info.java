/** Claims about {@code postern.mime.calendar}. */
@NullMarked
package postern.mime.calendar;

import org.jspecify.annotations.NullMarked;
