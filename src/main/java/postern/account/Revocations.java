package postern.account;

/**
 * The sessions that were ended before they expired. Replicas agree on them only if they share this;
 * the one in memory knows those ended here.
 */
public interface Revocations {

    void add(Session session);

    boolean contains(String sessionId);
}
