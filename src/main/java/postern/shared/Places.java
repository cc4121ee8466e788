package postern.shared;

/**
 * What a replica may hold of some places.
 *
 * @param granted how many of the wanted ones it holds from now on; never fewer than it held
 * @param most how many it may hold at present: fewer than it holds where others want more, and it
 *     does not use all of its own, or has more than its share, or where all have too many
 */
public record Places(int granted, int most) {}
