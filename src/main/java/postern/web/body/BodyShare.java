package postern.web.body;

import org.jspecify.annotations.Nullable;
import postern.web.body.BodyShares.Owner;
import postern.web.body.BodyShares.Refusal;
import postern.web.problem.ProblemException;

/** What one unfinished body takes of {@link BodyShares}. Thread-safe. */
final class BodyShare {

    /** A body that is read into memory counts as one more for each of these octets. */
    static final long STEP = 128 << 10;

    private final BodyShares shares;
    private final Owner owner;
    private final boolean inMemory;
    private int taken;

    private BodyShare(BodyShares shares, Owner owner, boolean inMemory) {
        this.shares = shares;
        this.owner = owner;
        this.inMemory = inMemory;
    }

    /** Throws a problem where too many bodies are unfinished. */
    static BodyShare take(BodyShares shares, Owner owner, boolean inMemory) {
        var share = new BodyShare(shares, owner, inMemory);
        var refused = share.grow(0);
        if (refused != null) {
            throw refused;
        }
        return share;
    }

    /** Returns the problem with which a body of which so much has come must be given up, if so. */
    synchronized @Nullable ProblemException grow(long octets) {
        int due = inMemory ? (int) Math.min(octets / STEP + 1, owner.mostOfOne()) : 1;
        if (taken < 0 || due <= taken) {
            return null;
        }
        var refusal = shares.take(owner, due - taken);
        if (refusal == null) {
            taken = due;
            return null;
        }
        return refusal == Refusal.OF_ALL ? new TooManyBodies() : new TooManyBodies(owner.most());
    }

    /** The body has ended, or nobody reads it any more. */
    synchronized void end() {
        if (taken > 0) {
            shares.giveBack(owner, taken);
        }
        taken = -1;
    }
}
