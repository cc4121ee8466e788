package postern.imap.message;

import org.jspecify.annotations.Nullable;

/**
 * An address of an envelope (RFC 9051 §7.5.2). A group starts with an address that has a mailbox
 * but no host, and ends with one that has neither.
 */
public record Address(@Nullable RawText name, @Nullable RawText mailbox, @Nullable RawText host) {}
