/** Turns a body part's octets into text, filenames and files. */
@NullMarked
package postern.mime;

import org.jspecify.annotations.NullMarked;
