/** The IMAP client: a connection, a selected mailbox, and operations that take several commands. */
@NullMarked
package postern.imap.client;

import org.jspecify.annotations.NullMarked;
