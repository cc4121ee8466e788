/** Tests of {@code postern.imap.watch}. */
@NullMarked
package postern.imap.watch;

import org.jspecify.annotations.NullMarked;
