package postern.shared;

import java.time.Duration;

/**
 * What is taken from a budget that all replicas share. A budget that nobody takes from fills up
 * evenly.
 *
 * @param key whose budget it is; hashed where it says who somebody is
 * @param capacity the tokens of a full budget
 * @param refill the time in which an empty budget becomes full
 * @param spent tokens that were spent before; they are counted even where they are too many, and
 *     given back where they are negative
 * @param wanted tokens that are taken where all of them are there
 */
public record Spending(String key, int capacity, Duration refill, long spent, long wanted) {}
