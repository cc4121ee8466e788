package postern.contract;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the contract says of the answer to a request. */
sealed interface Expectation {

    /** It succeeds, or fails with one of these codes because of what the account has in it. */
    record Success(Set<String> problems) implements Expectation {}

    /**
     * It is refused.
     *
     * @param what what is wrong with the request
     * @param status the status of the refusal
     * @param input the bad input that {@code errors} names; null if it is none
     */
    record Refusal(String what, int status, @Nullable Input input) implements Expectation {

        static Refusal ofParameter(String name, String what) {
            return new Refusal(name + " " + what, 400, new Input("parameter", name));
        }

        /** Errors name the value or something within. */
        static Refusal within(String pointer, String what) {
            return new Refusal("'" + pointer + "' " + what, 400, new Input("within", pointer));
        }

        static Refusal at(String pointer, String what) {
            return new Refusal("'" + pointer + "' " + what, 400, new Input("pointer", pointer));
        }
    }

    /** How {@code errors} names a bad input: as a parameter, or as a JSON pointer. */
    record Input(String kind, String name) {

        boolean isNamedBy(JsonNode error) {
            return kind.equals("within")
                    ? error.path("pointer").asString("\u0000").startsWith(name)
                    : error.path(kind).asString("\u0000").equals(name);
        }
    }
}
