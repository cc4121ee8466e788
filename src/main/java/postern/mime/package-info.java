/** Parses the MIME structure of messages whose BODYSTRUCTURE is of no use. */
@NullMarked
package postern.mime;

import org.jspecify.annotations.NullMarked;
