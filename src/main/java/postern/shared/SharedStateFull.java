package postern.shared;

/** There is no room for another value of an area whose values are never lost before their time. */
public final class SharedStateFull extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean ofOwner;

    SharedStateFull(boolean ofOwner) {
        super("no room for another value", null, false, false);
        this.ofOwner = ofOwner;
    }

    /** Whether only the share of one owner is used up. */
    public boolean ofOwner() {
        return ofOwner;
    }
}
