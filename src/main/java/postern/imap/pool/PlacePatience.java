package postern.imap.pool;

import java.time.Duration;

/**
 * How long a borrower waits until other replicas have seen that one of their connections is needed,
 * and closed it.
 *
 * @param tries how often it asks for a place
 * @param pause between two tries
 */
record PlacePatience(int tries, Duration pause) {

    static final PlacePatience USUAL = new PlacePatience(30, Duration.ofMillis(200));
}
