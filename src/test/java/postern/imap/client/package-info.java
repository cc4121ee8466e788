/** Tests of {@code postern.imap.client}. */
@NullMarked
package postern.imap.client;

import org.jspecify.annotations.NullMarked;
