/** Sends a message or one of its parts as a file, octet by octet. */
@NullMarked
package postern.attachment;

import org.jspecify.annotations.NullMarked;
