package postern.fuzz;

import org.jspecify.annotations.Nullable;

/**
 * The entry point for Jazzer: {@code --target_class=postern.fuzz.CoverageGuided
 * --target_args=NAME}.
 */
public final class CoverageGuided {

    private static @Nullable FuzzTarget target;

    private CoverageGuided() {}

    public static void fuzzerInitialize(String[] args) {
        target = FuzzTargets.named(String.join(" ", args));
    }

    public static void fuzzerTestOneInput(byte[] octets) {
        var reader = target;
        if (reader != null) {
            reader.tryOn(octets);
        }
    }
}
