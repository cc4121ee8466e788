package postern.imap;

/**
 * One entry of a mailbox's access control list (RFC 4314 §2).
 *
 * @param identifier a user, {@code anyone}, or what else the server knows; with a hyphen in front
 *     the rights are taken away rather than given
 */
public record Grant(String identifier, Rights rights) {}
