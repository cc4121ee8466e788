/** Content codings of answers (RFC 9110 §8.4): which of them are compressed, and their ETags. */
@NullMarked
package postern.web.coding;

import org.jspecify.annotations.NullMarked;
