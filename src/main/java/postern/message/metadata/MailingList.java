package postern.message.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.message.part.HeaderField;
import postern.mime.header.ListField;

/// The mailing list or newsletter that a message came by, as its header tells it: nothing of it is
/// verified. The lists have URIs (`https`, `http` and `mailto`) in the order of preference, at most
/// ten each; other URIs are left out.
///
/// @param id The identifier of the list (RFC 2919), which stays when its name changes.
/// @param post Where one writes to the list; empty where that is not possible, or not told.
/// @param subscribe Where one subscribes.
/// @param unsubscribe Where one unsubscribes. `unsubscribe` (the operation) does it.
/// @param oneClick Whether one request unsubscribes, without a page to be read (RFC 8058): the
///   message says so for an `https` URI, and has a DKIM signature that covers both fields, which is
///   not verified here. Where Authentication-Results tell of DKIM and of no signature that passed,
///   it is `false`.
/// @param help Where one gets help.
/// @param archive Where the messages of the list can be read.
public record MailingList(
        @Schema(example = "news.example.org") @Nullable String id,
        @Schema(example = "[\"mailto:list@example.org\"]") List<String> post,
        List<String> subscribe,
        @Schema(example = "[\"https://example.org/unsubscribe/4711\"]") List<String> unsubscribe,
        boolean oneClick,
        List<String> help,
        List<String> archive) {

    private static final String ONE_CLICK = "list-unsubscribe=one-click";
    private static final String UNSUBSCRIBE = "list-unsubscribe";
    private static final String UNSUBSCRIBE_POST = "list-unsubscribe-post";

    private static final Pattern DKIM_RESULT =
            Pattern.compile("\\bdkim\\s*=\\s*([a-z]+)", Pattern.CASE_INSENSITIVE);

    /** Null where the message tells of no list. */
    public static @Nullable MailingList of(List<HeaderField.Raw> header) {
        var id = HeaderField.first(header, "list-id").map(ListField::id).orElse(null);
        var unsubscribe = uris(header, UNSUBSCRIBE);
        var list =
                new MailingList(
                        id,
                        uris(header, "list-post"),
                        uris(header, "list-subscribe"),
                        unsubscribe,
                        offersOneClick(header, unsubscribe),
                        uris(header, "list-help"),
                        uris(header, "list-archive"));
        return list.id == null
                        && Stream.of(
                                        list.post,
                                        list.subscribe,
                                        unsubscribe,
                                        list.help,
                                        list.archive)
                                .allMatch(List::isEmpty)
                ? null
                : list;
    }

    private static List<String> uris(List<HeaderField.Raw> header, String name) {
        return HeaderField.first(header, name).map(ListField::uris).orElse(List.of());
    }

    private static boolean offersOneClick(List<HeaderField.Raw> header, List<String> uris) {
        // of several fields a signature covers the last one, and others read the first one
        return uris.stream().anyMatch(uri -> uri.startsWith("https:"))
                && values(header, UNSUBSCRIBE).count() == 1
                && values(header, UNSUBSCRIBE_POST)
                        .map(value -> value.replaceAll("\\s", "").toLowerCase(Locale.ROOT))
                        .toList()
                        .equals(List.of(ONE_CLICK))
                && values(header, "dkim-signature").anyMatch(MailingList::covers)
                && !failed(header);
    }

    private static Stream<String> values(List<HeaderField.Raw> header, String name) {
        return header.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(field -> new String(field.value(), ISO_8859_1));
    }

    /** Whether a DKIM-Signature signs both fields (RFC 6376 §3.5, the tag {@code h}). */
    private static boolean covers(String signature) {
        return Arrays.stream(signature.split(";", -1))
                .map(tag -> tag.replaceAll("\\s", "").toLowerCase(Locale.ROOT))
                .filter(tag -> tag.startsWith("h="))
                .map(tag -> List.of(tag.substring(2).split(":", -1)))
                .anyMatch(names -> names.contains(UNSUBSCRIBE) && names.contains(UNSUBSCRIBE_POST));
    }

    private static boolean failed(List<HeaderField.Raw> header) {
        var results =
                values(header, "authentication-results")
                        .flatMap(value -> DKIM_RESULT.matcher(value).results())
                        .map(it -> Objects.requireNonNull(it.group(1)).toLowerCase(Locale.ROOT))
                        .toList();
        return !results.isEmpty() && !results.contains("pass");
    }
}
