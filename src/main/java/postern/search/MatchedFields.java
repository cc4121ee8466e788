package postern.search;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.imap.message.SearchTerm;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.MatchedField;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageMetadata;

/**
 * Determines in which fields the search texts occur: those that a list shows, and another header
 * field if nothing else explains the match.
 */
final class MatchedFields {

    /** The metadata that are needed for this. */
    static final Set<MessageField> FIELDS =
            Set.of(MessageField.SUBJECT, MessageField.FROM, MessageField.TO, MessageField.CC);

    private MatchedFields() {}

    static boolean anyTexts(Criteria criteria) {
        return criteria.texts().anyMatch(MatchedFields::text);
    }

    private static boolean text(SearchTerm term) {
        return switch (term) {
            case SearchTerm.From _,
                    SearchTerm.To _,
                    SearchTerm.Cc _,
                    SearchTerm.Bcc _,
                    SearchTerm.Header _,
                    SearchTerm.Subject _,
                    SearchTerm.Text _,
                    SearchTerm.Body _ ->
                    true;
            default -> false;
        };
    }

    static List<MatchedField> in(MessageMetadata metadata, Criteria criteria) {
        Set<MatchedField> fields = EnumSet.noneOf(MatchedField.class);
        criteria.texts().forEach(term -> add(term, metadata, fields));
        criteria.required().forEach(term -> addUnseen(term, fields));
        return List.copyOf(fields);
    }

    private static void add(SearchTerm term, MessageMetadata metadata, Set<MatchedField> fields) {
        switch (term) {
            case SearchTerm.From(var text) -> addIn(MatchedField.FROM, text, metadata, fields);
            case SearchTerm.To(var text) -> addIn(MatchedField.TO, text, metadata, fields);
            case SearchTerm.Cc(var text) -> addIn(MatchedField.CC, text, metadata, fields);
            case SearchTerm.Subject(var text) ->
                    addIn(MatchedField.SUBJECT, text, metadata, fields);
            case SearchTerm.Header(var name, var text) when !text.isEmpty() ->
                    ofLine(name).ifPresent(field -> addIn(field, text, metadata, fields));
            case SearchTerm.Body(var text) -> addIn(MatchedField.PREVIEW, text, metadata, fields);
            case SearchTerm.Text(var text) -> {
                for (var field : MatchedField.values()) {
                    addIn(field, text, metadata, fields);
                }
            }
            default -> {}
        }
    }

    /** The field of a message in a list that shows this header field. */
    private static Optional<MatchedField> ofLine(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "subject" -> Optional.of(MatchedField.SUBJECT);
            case "from" -> Optional.of(MatchedField.FROM);
            case "to" -> Optional.of(MatchedField.TO);
            case "cc" -> Optional.of(MatchedField.CC);
            default -> Optional.empty();
        };
    }

    private static void addUnseen(SearchTerm term, Set<MatchedField> fields) {
        switch (term) {
            case SearchTerm.Bcc _ -> fields.add(MatchedField.BCC);
            case SearchTerm.Header(var name, _) when name.equalsIgnoreCase("bcc") ->
                    fields.add(MatchedField.BCC);
            case SearchTerm.Header(var name, _) when ofLine(name).isEmpty() ->
                    fields.add(MatchedField.HEADER);
            default -> {}
        }
    }

    private static void addIn(
            MatchedField field, String text, MessageMetadata metadata, Set<MatchedField> fields) {
        var wanted = text.toLowerCase(Locale.ROOT);
        Predicate<@Nullable String> contains =
                value -> value != null && value.toLowerCase(Locale.ROOT).contains(wanted);
        boolean occurs =
                switch (field) {
                    case SUBJECT -> contains.test(metadata.header().subject());
                    case FROM -> anyOf(metadata.addresses().from(), contains);
                    case TO -> anyOf(metadata.addresses().to(), contains);
                    case CC -> anyOf(metadata.addresses().cc(), contains);
                    case PREVIEW -> contains.test(metadata.preview());
                    case BCC, HEADER -> false; // unknown
                };
        if (occurs) {
            fields.add(field);
        }
    }

    private static boolean anyOf(
            List<EmailAddress> addresses, Predicate<@Nullable String> contains) {
        return addresses.stream()
                .anyMatch(a -> contains.test(a.name()) || contains.test(a.email()));
    }
}
