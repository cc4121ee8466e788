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
    private boolean came;
    private boolean ended;

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
        return came ? null : takeUpTo(1 + (inMemory ? steps(octets) : 0));
    }

    /** Returns the problem with which a part that would be read into memory is refused, if so. */
    synchronized @Nullable ProblemException hold(long octets) {
        return takeUpTo((came ? 0 : 1) + steps(octets));
    }

    private int steps(long octets) {
        return (int) Math.min(octets / STEP, owner.mostOfOne() - 1);
    }

    private @Nullable ProblemException takeUpTo(int due) {
        if (ended || due <= taken) {
            return null;
        }
        var refusal = shares.take(owner, due - taken);
        if (refusal == null) {
            taken = due;
            return null;
        }
        return refusal == Refusal.OF_ALL ? new TooManyBodies() : new TooManyBodies(owner.most());
    }

    /** All of the body has come. What is in memory stays there until the request ends. */
    synchronized void came() {
        if (!came && !ended) {
            came = true;
            taken--;
            shares.giveBack(owner, 1);
        }
    }

    /** The request has ended. */
    synchronized void end() {
        if (!ended && taken > 0) {
            shares.giveBack(owner, taken);
        }
        ended = true;
    }
}
