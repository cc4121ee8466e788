package postern.imap;

/**
 * The response code of an OK, NO, BAD or BYE (RFC 9051 §7.1).
 *
 * @param name in upper case, such as {@code "NONEXISTENT"}
 * @param arguments the text after the name, undecoded; often empty
 */
public record ResponseCode(String name, String arguments) {}
