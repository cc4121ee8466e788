/** Octets, responses and the parsers of their grammar (RFC 9051 §9), with limits on both. */
@NullMarked
package postern.imap.client.wire;

import org.jspecify.annotations.NullMarked;
