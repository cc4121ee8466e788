package postern.imap;

/**
 * One entry of a mailbox's access control list (RFC 4314 §2).
 *
 * @param identifier a user, {@code anyone}, or another identifier of the server; with a leading
 *     hyphen the rights are denied instead of granted
 */
public record Grant(String identifier, Rights rights) {}
