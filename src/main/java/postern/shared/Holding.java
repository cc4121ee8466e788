package postern.shared;

import java.time.Duration;

/**
 * The places that a replica holds.
 *
 * @param key what the places are of; hashed where it says who somebody is
 * @param holder the replica
 * @param held the places that it has taken
 * @param busy how many places it cannot do without at present
 * @param wanted how many it would like to have, these included
 * @param most how many places all replicas may hold together
 * @param lifetime after what time the places of a replica that says nothing are free
 */
public record Holding(
        String key, String holder, int held, int busy, int wanted, int most, Duration lifetime) {}
