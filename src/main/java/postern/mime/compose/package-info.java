/** Writes messages (RFC 5322, RFC 2045). */
@NullMarked
package postern.mime.compose;

import org.jspecify.annotations.NullMarked;
