package postern.provider;

/** Who stores a copy of a submitted message in the mailbox of sent mail. */
public enum SentCopy {
    SERVER,
    CLIENT
}
