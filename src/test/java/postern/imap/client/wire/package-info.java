/** Tests of {@code postern.imap.client.wire}. */
@NullMarked
package postern.imap.client.wire;

import org.jspecify.annotations.NullMarked;
