/** Header fields: addresses, encoded words, parameters, media types, file names. */
@NullMarked
package postern.mime.header;

import org.jspecify.annotations.NullMarked;
