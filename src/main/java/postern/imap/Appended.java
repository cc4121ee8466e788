package postern.imap;

import org.jspecify.annotations.Nullable;

/** Where an appended message went; null where the server has no UIDPLUS (RFC 4315). */
public record Appended(@Nullable MessageRef message) {}
