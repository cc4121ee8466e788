/** Tests of {@code postern.imap.client.command}. */
@NullMarked
package postern.imap.client.command;

import org.jspecify.annotations.NullMarked;
