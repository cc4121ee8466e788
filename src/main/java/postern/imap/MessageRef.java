package postern.imap;

/**
 * One message for as long as its mailbox keeps its numbering: mailbox, UIDVALIDITY and UID (RFC
 * 9051 §2.3.1.1).
 */
public record MessageRef(MailboxName mailbox, long uidValidity, long uid) {}
