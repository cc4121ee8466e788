package postern.web.coding;

import java.util.List;
import java.util.Locale;

/**
 * What {@code Accept-Encoding} says of gzip and of no coding at all (RFC 9110 §12.5.3).
 *
 * @param gzip whether gzip is accepted, and not less wanted than no coding
 * @param identity whether an answer without a coding is accepted
 */
record AcceptedCodings(boolean gzip, boolean identity) {

    private static final double UNSAID = -1;

    static AcceptedCodings of(List<String> lines) {
        double gzip = UNSAID;
        double identity = UNSAID;
        double others = UNSAID;
        for (var coding : String.join(",", lines).split(",")) {
            var words = coding.split(";", -1);
            double weight = weight(words);
            switch (words[0].strip().toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
                case "identity" -> identity = Math.max(identity, weight);
                case "*" -> others = Math.max(others, weight);
                default -> {
                    // a coding that is not offered
                }
            }
        }
        double wanted = gzip == UNSAID ? others : gzip;
        boolean plain = identity == UNSAID ? others != 0 : identity > 0;
        return new AcceptedCodings(wanted > 0 && wanted >= identity, plain);
    }

    /** 1 where none is given, and 0 where it cannot be read. */
    private static double weight(String[] words) {
        for (int i = 1; i < words.length; i++) {
            var parameter = words[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                try {
                    double weight = Double.parseDouble(parameter.substring(2).strip());
                    return weight >= 0 && weight <= 1 ? weight : 0;
                } catch (NumberFormatException _) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
