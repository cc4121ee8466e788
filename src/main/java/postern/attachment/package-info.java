/** Sends messages and their parts as files, as streams of octets. */
@NullMarked
package postern.attachment;

import org.jspecify.annotations.NullMarked;
