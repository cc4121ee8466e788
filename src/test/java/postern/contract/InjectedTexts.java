package postern.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Puts texts that would be a command of IMAP, or a header field, into each place of a request that
 * holds a text.
 */
final class InjectedTexts {

    /** The header field that must not appear in a message. */
    static final String FIELD = "X-Injected";

    private static final List<String> TEXTS =
            List.of(
                    "x\r\nz9 CREATE injected\r\n",
                    "x\nz9 CREATE injected\n",
                    "x\rz9 CREATE injected\r",
                    "x\"\r\nz9 CREATE injected\r\nz8 NOOP \"",
                    "x\\\"\r\nz9 CREATE injected\r\n",
                    "x {5+}\r\nz9 CREATE injected\r\n",
                    "x {999}",
                    "x\" {999+}",
                    "x\\",
                    "x\") (\\Deleted",
                    "x\u0000y",
                    "x\u2028" + FIELD + ": 1",
                    "\u0085" + FIELD + ": 1",
                    "x\r\n" + FIELD + ": 1\r\n\r\nbody",
                    "x\n" + FIELD + ": 1",
                    "x\r" + FIELD + ": 1",
                    "a@example.org>\r\n" + FIELD + ": 1",
                    "=?utf-8?Q?x=0D=0A" + FIELD + ":_1?=",
                    "x@example.org\r\n" + FIELD + ": 1\r\n",
                    // octets that a careless conversion cuts to CR and LF
                    "x\u010d\u010a" + FIELD + ": 1\u010d\u010az9 CREATE injected\u010d\u010a");

    private final RequestDraft draft;
    private final Dice dice;
    private final List<Consumer<String>> places = new ArrayList<>();

    private InjectedTexts(RequestDraft draft, Dice dice) {
        this.draft = draft;
        this.dice = dice;
    }

    /** Replaces one text of the request, if it has any. */
    static RequestDraft into(RequestDraft draft, Dice dice) {
        var injection = new InjectedTexts(draft, dice);
        injection.find();
        if (!injection.places.isEmpty()) {
            dice.pick(injection.places).accept(dice.pick(TEXTS));
        }
        return draft;
    }

    private void find() {
        if (draft.json != null) {
            findIn(draft.json);
        }
        draft.query
                .keySet()
                .forEach(name -> places.add(text -> draft.setQuery(name, List.of(text))));
        if (dice.happens(0.2)) { // the web server refuses most of them
            draft.path.keySet().forEach(name -> places.add(text -> draft.path.put(name, text)));
        }
    }

    private void findIn(JsonNode value) {
        switch (value) {
            case ObjectNode object ->
                    object.properties()
                            .forEach(property -> {
                                var name = property.getKey();
                                if (property.getValue() instanceof StringNode) {
                                    places.add(text -> object.put(name, text));
                                }
                                findIn(property.getValue());
                            });
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    int index = i;
                    if (array.path(i) instanceof StringNode) {
                        places.add(text -> array.set(index, StringNode.valueOf(text)));
                    }
                    findIn(array.path(i));
                }
            }
            default -> {
                // holds no text
            }
        }
    }
}
