/** Decodes octets to characters, even if the declared charset is wrong. */
@NullMarked
package postern.mime.charset;

import org.jspecify.annotations.NullMarked;
