package postern.imap;

import org.jspecify.annotations.Nullable;

/** The reference of the appended message; null where the server has no UIDPLUS (RFC 4315). */
public record Appended(@Nullable MessageRef message) {}
