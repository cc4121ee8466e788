package postern.imap;

/**
 * Usage and limit of one resource in a quota root (RFC 9208).
 *
 * @param root its name, meaningful only to the server; often empty
 * @param used in octets for {@link Resource#STORAGE}, else a count
 * @param limit in the same unit
 */
public record Quota(String root, Resource resource, long used, long limit) {

    /** A resource type that a quota limits (RFC 9208 §5). */
    public enum Resource {
        STORAGE,
        MESSAGE,
        MAILBOX,
        ANNOTATION_STORAGE
    }
}
