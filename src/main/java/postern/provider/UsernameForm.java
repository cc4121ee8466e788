package postern.provider;

/** What a provider takes as the user name. */
public enum UsernameForm {
    /** The whole address. */
    ADDRESS,
    /** What stands in front of the @. */
    LOCAL_PART,
    /** Something that cannot be derived from the address. */
    OTHER
}
