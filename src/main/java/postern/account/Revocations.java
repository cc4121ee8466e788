package postern.account;

/**
 * The sessions that were ended before they expired. Replicas agree on them only if they share a
 * store; the one in memory knows only the sessions ended in this process.
 */
public interface Revocations {

    void add(Session session);

    boolean contains(String sessionId);
}
