/** Tests of {@code postern.imap.message}. */
@NullMarked
package postern.imap.message;

import org.jspecify.annotations.NullMarked;
