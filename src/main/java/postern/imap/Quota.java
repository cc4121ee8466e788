package postern.imap;

/**
 * How much of a resource the mailboxes of a quota root take, and how much they may (RFC 9208).
 *
 * @param root its name, which says something only to the server; often empty
 * @param used in octets for {@link Resource#STORAGE}, else a count
 * @param limit in the same unit
 */
public record Quota(String root, Resource resource, long used, long limit) {

    /** What a quota limits (RFC 9208 §5). */
    public enum Resource {
        STORAGE,
        MESSAGE,
        MAILBOX,
        ANNOTATION_STORAGE
    }
}
