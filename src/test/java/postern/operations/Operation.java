package postern.operations;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/**
 * An action of a mail user: the operation of the contract, a description, the calls, and how to
 * determine who did the work.
 */
@NullMarked
record Operation(String operationId, String what, Act act, Judgement judgement) {

    /** Carries out the action; an assertion fails if the outcome is wrong. */
    interface Act {
        void on(OperationContext at) throws IOException;
    }

    /** Determines from the trace who did the work. */
    interface Judgement {
        Doer of(Trace trace) throws IOException;
    }

    /** A sign in the trace that the mail server did the work. */
    interface Sign {
        boolean in(Trace trace) throws IOException;
    }

    /** Who does the work, in the words of the table. */
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
     * The trace of an action.
     *
     * @param at the mailbox and server of the action
     * @param commands the number of OK responses of the mail server by command
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

    /** Works in the same way on every server. */
    static Operation always(String operationId, String what, Act act) {
        return new Operation(operationId, what, act, _ -> Doer.NATIVE);
    }

    /** The server does the work if it has the feature. */
    static Operation by(String feature, String operationId, String what, Act act) {
        return new Operation(operationId, what, act, trace -> trace.feature(feature));
    }

    /**
     * The server does the work by this command, which must be sent exactly if the account announces
     * the feature.
     */
    static Operation by(String feature, String command, String operationId, String what, Act act) {
        return new Operation(operationId, what, act, trace -> judged(trace, feature, command));
    }

    /**
     * The server does the work by this command, unless it has a better feature that replaces the
     * command.
     */
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

    /** The server does the work if the trace has this sign. */
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
