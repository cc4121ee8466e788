package postern.imap.client.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import postern.imap.message.SearchTerm;

/**
 * The combinations of search keys that this server has refused. GreenMail, for one, does not accept
 * every nesting of RFC 9051 §6.4.4.
 */
public final class SearchGrammar {

    /** Ways to combine search keys. */
    private enum Construct {
        GROUP,
        OR,
        NOT
    }

    private final List<Set<Construct>> refused = new ArrayList<>();

    /** Whether the server may accept the term. */
    boolean accepts(SearchTerm term) {
        var needed = constructs(term);
        return refused.stream().noneMatch(needed::containsAll);
    }

    /** Records that the server refused the term but none of its parts. */
    void addRefused(SearchTerm term) {
        if (accepts(term)) {
            refused.add(constructs(term));
        }
    }

    /** Whether the server may accept the parts of the term when it refuses the whole. */
    static boolean isComposed(SearchTerm term) {
        return !constructs(term).isEmpty();
    }

    private static Set<Construct> constructs(SearchTerm term) {
        var constructs = EnumSet.noneOf(Construct.class);
        if (term instanceof SearchTerm.And(var terms)) {
            terms.forEach(it -> collect(it, constructs)); // the top-level list needs no parentheses
        } else {
            collect(term, constructs);
        }
        return constructs;
    }

    private static void collect(SearchTerm term, Set<Construct> constructs) {
        switch (term) {
            case SearchTerm.And(var terms) -> {
                constructs.add(Construct.GROUP);
                terms.forEach(it -> collect(it, constructs));
            }
            case SearchTerm.Or(var left, var right) -> {
                constructs.add(Construct.OR);
                collect(left, constructs);
                collect(right, constructs);
            }
            case SearchTerm.Not(var not) -> {
                constructs.add(Construct.NOT);
                collect(not, constructs);
            }
            default -> {}
        }
    }
}
