package postern.operations;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/**
 * Something a mail user does: an operation of the contract, in words, how it is done, and how to
 * tell from the traces who did it.
 */
@NullMarked
record Operation(String operationId, String what, Act act, Judgement judgement) {

    /** Does it, and fails with an assertion when the outcome is not what was asked for. */
    interface Act {
        void on(OperationContext at) throws IOException;
    }

    /** Tells from the traces who did it. */
    interface Judgement {
        Doer of(Trace trace) throws IOException;
    }

    /** What is to be seen where the mail server did it. */
    interface Sign {
        boolean in(Trace trace) throws IOException;
    }

    /** Who does what is asked, in the words of the table. */
    enum Doer {
        NATIVE("native"),
        EMULATED("emulated"),
        IMPOSSIBLE("–");

        private final String cell;

        Doer(String cell) {
            this.cell = cell;
        }

        @Override
        public String toString() {
            return cell;
        }
    }

    /**
     * What is left of a deed.
     *
     * @param at where it was done
     * @param commands that the mail server said OK to meanwhile, and how often
     */
    record Trace(OperationContext at, Map<String, Long> commands) {

        JsonNode features() {
            return at.features();
        }

        long times(String command) {
            return commands.getOrDefault(command, 0L);
        }

        Doer feature(String name) {
            var value = features().path(name).asString();
            return switch (value) {
                case "native" -> Doer.NATIVE;
                case "emulated" -> Doer.EMULATED;
                case "unavailable" -> Doer.IMPOSSIBLE;
                default -> throw new AssertionError(name + " is " + value + " in " + features());
            };
        }
    }

    /** Every server does it in the same way. */
    static Operation always(String operationId, String what, Act act) {
        return new Operation(operationId, what, act, _ -> Doer.NATIVE);
    }

    /** The server does it where it has the feature. */
    static Operation by(String feature, String operationId, String what, Act act) {
        return new Operation(operationId, what, act, trace -> trace.feature(feature));
    }

    /**
     * The same with a command of its own: it must have been sent just where the account says that
     * the server has the feature.
     */
    static Operation by(String feature, String command, String operationId, String what, Act act) {
        return new Operation(operationId, what, act, trace -> judged(trace, feature, command));
    }

    /** The same, but for servers with a better feature, where it goes without that command. */
    static Operation by(
            String better,
            String feature,
            String command,
            String operationId,
            String what,
            Act act) {
        return new Operation(
                operationId,
                what,
                act,
                trace ->
                        trace.feature(better) == Doer.NATIVE
                                ? trace.feature(feature)
                                : judged(trace, feature, command));
    }

    /** The server does it where a sign of that is seen. */
    static Operation where(Sign nativeIf, String operationId, String what, Act act) {
        return new Operation(
                operationId, what, act, trace -> nativeIf.in(trace) ? Doer.NATIVE : Doer.EMULATED);
    }

    private static Doer judged(Trace trace, String feature, String command) {
        var doer = trace.feature(feature);
        if ((trace.times(command) > 0) != (doer == Doer.NATIVE)) {
            throw new AssertionError(
                    "%s is said to be %s, but the commands are %s"
                            .formatted(feature, doer, trace.commands()));
        }
        return doer;
    }

    static List<String> operations(List<Operation> deeds) {
        return deeds.stream().map(Operation::operationId).distinct().sorted().toList();
    }
}
