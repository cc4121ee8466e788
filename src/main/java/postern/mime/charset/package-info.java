/** From octets to characters, also where the declared charset is wrong. */
@NullMarked
package postern.mime.charset;

import org.jspecify.annotations.NullMarked;
