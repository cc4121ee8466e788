/**
 * IMAP in our own types: the only way to a mail server. Interfaces and what they exchange; the
 * client behind them is {@code imap.client}, and {@code imap.pool} lends its connections.
 */
@NullMarked
package postern.imap;

import org.jspecify.annotations.NullMarked;
