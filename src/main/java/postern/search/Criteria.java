package postern.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.message.FetchItem;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.AutomaticKind;
import postern.message.metadata.DayOrInstant;
import postern.message.metadata.Keywords;
import postern.message.metadata.QueryParameters;
import postern.web.contract.Texts;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** A checked {@link SearchFilter}, and the IMAP search key for it. */
public final class Criteria {

    private static final int DEEPEST = 8;
    private static final int MOST = 100;
    private static final int LONGEST = 500;
    private static final Pattern MESSAGE_ID = Pattern.compile(Texts.SOUGHT_MESSAGE_ID);
    private static final Pattern HEADER_NAME = Pattern.compile("[!-9;-~]{1,100}");

    private final Condition condition;
    private final @Nullable String gmailRaw;

    private Criteria(Condition condition, @Nullable String gmailRaw) {
        this.condition = condition;
        this.gmailRaw = gmailRaw;
    }

    /**
     * Throws InvalidRequest, which names the first invalid member of the filter.
     *
     * @param pointer JSON pointer of the filter in the request body (RFC 6901), such as {@code
     *     "/filter"}
     */
    public static Criteria of(@Nullable SearchFilter filter, String pointer) {
        var check = new Check();
        var condition = check.filter(filter, pointer, 1);
        return new Criteria(condition, check.gmailRaw);
    }

    /** Throws a 422 that names the field when this server does not support such a search. */
    public void requirePossible(Capabilities capabilities) {
        if (gmailRaw != null && !capabilities.gmail()) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "`%s` is for Gmail alone, which this mail server is not".formatted(gmailRaw));
        }
    }

    /** Matches at least all messages that match the criteria; no others if {@link #exact()}. */
    public SearchTerm term(Capabilities server) {
        return condition.atMostOf(server);
    }

    /** Whether the server's results for {@link #term()} are exact. */
    public boolean exact() {
        return condition.byMetadata().findAny().isEmpty();
    }

    /** The metadata items that are needed to evaluate the criteria. */
    Set<FetchItem> items() {
        return condition
                .byMetadata()
                .flatMap(condition -> condition.items().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    Condition condition() {
        return condition;
    }

    /** All texts that are searched for, with their fields; without those inside a NOT. */
    Stream<SearchTerm> texts() {
        return texts(condition);
    }

    /** The conditions that every result fulfils. */
    Stream<SearchTerm> required() {
        return required(condition);
    }

    private static Stream<SearchTerm> required(Condition condition) {
        return switch (condition) {
            case Condition.All(var conditions) -> conditions.stream().flatMap(Criteria::required);
            case Condition.Any(var conditions) when conditions.size() == 1 ->
                    required(conditions.getFirst());
            case Condition.Any _, Condition.Not _, Condition.ByMetadata _ -> Stream.empty();
            case Condition.Key(var term) -> Stream.of(term);
        };
    }

    private static Stream<SearchTerm> texts(Condition condition) {
        return switch (condition) {
            case Condition.All(var conditions) -> conditions.stream().flatMap(Criteria::texts);
            case Condition.Any(var conditions) -> conditions.stream().flatMap(Criteria::texts);
            case Condition.Not _ -> Stream.empty();
            case Condition.Key(var term) -> Stream.of(term);
            case Condition.ByMetadata _ -> Stream.empty();
        };
    }

    /** Checks the tree in one pass. */
    private static final class Check {

        private int conditions;
        private @Nullable String gmailRaw;

        Condition filter(@Nullable SearchFilter filter, String at, int depth) {
            if (filter == null) {
                return new Condition.All(List.of());
            }
            if (depth > DEEPEST) {
                throw InvalidRequest.at(
                        at, "must not be more than %d levels deep".formatted(DEEPEST));
            }
            var all = new Parts(at);
            if (filter.and() != null && !filter.and().isEmpty()) {
                all.add(new Condition.All(filters(filter.and(), at + "/and", depth)));
            }
            if (filter.or() != null && !filter.or().isEmpty()) {
                all.add(new Condition.Any(filters(filter.or(), at + "/or", depth)));
            }
            if (filter.not() != null) {
                all.add(new Condition.Not(filter(filter.not(), at + "/not", depth + 1)));
            }
            all.text("from", filter.from(), SearchTerm.From::new);
            all.text("to", filter.to(), SearchTerm.To::new);
            all.text("cc", filter.cc(), SearchTerm.Cc::new);
            all.text("bcc", filter.bcc(), SearchTerm.Bcc::new);
            all.text("subject", filter.subject(), SearchTerm.Subject::new);
            all.text("text", filter.text(), SearchTerm.Text::new);
            all.text("body", filter.body(), SearchTerm.Body::new);
            all.header(filter.header());
            all.moment("since", filter.since(), false, true);
            all.moment("before", filter.before(), false, false);
            all.moment("sentSince", filter.sentSince(), true, true);
            all.moment("sentBefore", filter.sentBefore(), true, false);
            all.octets("larger", filter.larger(), SearchTerm.Larger::new);
            all.octets("smaller", filter.smaller(), SearchTerm.Smaller::new);
            all.keyword("hasKeyword", filter.hasKeyword(), true);
            all.keyword("notKeyword", filter.notKeyword(), false);
            all.flag(filter.unseen(), Flag.SEEN, false);
            all.flag(filter.flagged(), Flag.FLAGGED, true);
            if (filter.hasAttachment() != null) {
                var attachment = new Condition.Attachment();
                all.add(filter.hasAttachment() ? attachment : new Condition.Not(attachment));
            }
            all.messageId(filter.internetMessageId());
            if (filter.automatic() != null) {
                var automatic = new Condition.Automatic(Set.of(AutomaticKind.values()));
                all.add(filter.automatic() ? automatic : new Condition.Not(automatic));
            }
            if (filter.automaticKind() != null) {
                all.add(new Condition.Automatic(Set.of(filter.automaticKind())));
            }
            all.text("gmailRaw", filter.gmailRaw(), SearchTerm.GmailRaw::new);
            if (filter.gmailRaw() != null && gmailRaw == null) {
                gmailRaw = at + "/gmailRaw";
            }
            return all.parts.size() == 1 ? all.parts.getFirst() : new Condition.All(all.parts);
        }

        private List<Condition> filters(List<SearchFilter> filters, String at, int depth) {
            var conditions = new ArrayList<Condition>();
            for (int i = 0; i < filters.size(); i++) {
                conditions.add(filter(filters.get(i), at + "/" + i, depth + 1));
            }
            return conditions;
        }

        /** The conditions of one JSON object. */
        private final class Parts {

            private final String at;
            private final List<Condition> parts = new ArrayList<>();

            Parts(String at) {
                this.at = at;
            }

            void add(Condition condition) {
                if (++conditions > MOST) {
                    throw InvalidRequest.at(at, "makes more than %d conditions".formatted(MOST));
                }
                parts.add(condition);
            }

            void text(String field, @Nullable String text, Function<String, SearchTerm> term) {
                if (text != null) {
                    add(new Condition.Key(term.apply(checked(field, text))));
                }
            }

            private String checked(String field, String text) {
                if (text.codePointCount(0, text.length()) > LONGEST) {
                    throw refused(field, "must have at most %d characters".formatted(LONGEST));
                }
                if (!QueryParameters.isLine(text)) {
                    throw refused(field, "must be a text without control characters");
                }
                return text;
            }

            /** With brackets or without. */
            void messageId(@Nullable String messageId) {
                if (messageId == null) {
                    return;
                }
                var text = messageId.strip();
                if (!MESSAGE_ID.matcher(text).matches()) {
                    throw refused("internetMessageId", "is not a Message-ID");
                }
                var bare = text.startsWith("<") ? text.substring(1, text.length() - 1) : text;
                add(new Condition.InternetMessageId(bare.strip()));
            }

            void header(@Nullable SearchHeader header) {
                if (header == null) {
                    return;
                }
                if (!HEADER_NAME.matcher(header.name()).matches()) {
                    throw refused("header/name", "is not the name of a header field");
                }
                var value = header.value();
                var text = value == null ? "" : checked("header/value", value);
                add(new Condition.Key(new SearchTerm.Header(header.name(), text)));
            }

            void moment(String field, @Nullable String text, boolean sent, boolean since) {
                if (text == null) {
                    return;
                }
                var moment =
                        DayOrInstant.parse(text)
                                .orElseThrow(() ->
                                        refused(field, "must be an RFC 3339 date or date-time"));
                if (moment.exact()) {
                    var notBefore = new Condition.NotBefore(moment, sent);
                    add(since ? notBefore : new Condition.Not(notBefore));
                } else {
                    add(new Condition.Key(day(moment, sent, since)));
                }
            }

            private static SearchTerm day(DayOrInstant moment, boolean sent, boolean since) {
                if (sent) {
                    return since
                            ? new SearchTerm.SentSince(moment.day())
                            : new SearchTerm.SentBefore(moment.day());
                }
                return since ? moment.since() : moment.before();
            }

            void octets(String field, @Nullable Long octets, Function<Long, SearchTerm> term) {
                if (octets == null) {
                    return;
                }
                if (octets < 0 || octets > UidSet.MAX) {
                    throw refused(field, "must be from 0 to " + UidSet.MAX);
                }
                add(new Condition.Key(term.apply(octets)));
            }

            void keyword(String field, @Nullable String keyword, boolean wanted) {
                if (keyword == null) {
                    return;
                }
                var flag =
                        Keywords.flag(keyword)
                                .orElseThrow(
                                        () -> refused(field, "is no keyword that can be stored"));
                flag(wanted, flag, true);
            }

            void flag(@Nullable Boolean wanted, Flag flag, boolean set) {
                if (wanted != null) {
                    var key = new Condition.Key(new SearchTerm.HasFlag(flag));
                    add(wanted == set ? key : new Condition.Not(key));
                }
            }

            private InvalidRequest refused(String field, String detail) {
                return InvalidRequest.at(at + "/" + field, detail);
            }
        }
    }
}
