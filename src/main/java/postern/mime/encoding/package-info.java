/** Content-Transfer-Encodings (RFC 2045 §6, uuencode) as streams. */
@NullMarked
package postern.mime.encoding;

import org.jspecify.annotations.NullMarked;
