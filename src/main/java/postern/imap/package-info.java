/**
 * IMAP in our own types: the only way to a mail server. It has the interfaces and the values they
 * exchange; {@code imap.client} implements the protocol, and {@code imap.pool} lends its
 * connections.
 */
@NullMarked
package postern.imap;

import org.jspecify.annotations.NullMarked;
