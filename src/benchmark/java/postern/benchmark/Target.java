package postern.benchmark;

import java.util.Locale;

/** The target for a ratio; some ratios have none. */
record Target(double atMost) {

    static final Target NONE = new Target(Double.POSITIVE_INFINITY);

    String verdictOn(double ratio) {
        if (equals(NONE)) {
            return "";
        }
        return String.format(
                Locale.ROOT, "≤ %.2f %s", atMost, ratio <= atMost ? "met" : "**missed**");
    }
}
