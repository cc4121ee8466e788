package postern.imap.client.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import postern.imap.message.SearchTerm;

/**
 * How this server has been seen to be unable to put search keys together. GreenMail, for one, does
 * not take every nesting that RFC 9051 §6.4.4 has.
 */
public final class SearchGrammar {

    /** Ways to put search keys together. */
    private enum Construct {
        GROUP,
        OR,
        NOT
    }

    private final List<Set<Construct>> refused = new ArrayList<>();

    /** Whether such a term is worth sending. */
    boolean takes(SearchTerm term) {
        var needed = constructs(term);
        return refused.stream().noneMatch(needed::containsAll);
    }

    /** It refused to search for the term, though for none of its parts. */
    void refuses(SearchTerm term) {
        if (takes(term)) {
            refused.add(constructs(term));
        }
    }

    /** Whether a server may take the parts of the term where it does not take the whole. */
    static boolean composed(SearchTerm term) {
        return !constructs(term).isEmpty();
    }

    private static Set<Construct> constructs(SearchTerm term) {
        var constructs = EnumSet.noneOf(Construct.class);
        if (term instanceof SearchTerm.And(var terms)) {
            terms.forEach(it -> collect(it, constructs)); // the list at the top is no group
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
