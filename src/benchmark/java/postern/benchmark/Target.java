package postern.benchmark;

import java.util.Locale;

/** A ratio that is aimed at; what nobody has set a target for is shown without one. */
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
