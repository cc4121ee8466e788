/** Calendar objects (RFC 5545). */
@NullMarked
package postern.mime.calendar;

import org.jspecify.annotations.NullMarked;
