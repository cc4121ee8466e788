/** Tests of {@code postern.imap.client.connect}. */
@NullMarked
package postern.imap.client.connect;

import org.jspecify.annotations.NullMarked;
