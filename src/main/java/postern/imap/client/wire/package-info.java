/**
 * The wire format: octets, responses and the parsers of the grammar (RFC 9051 §9), with limits on
 * size and depth.
 */
@NullMarked
package postern.imap.client.wire;

import org.jspecify.annotations.NullMarked;
