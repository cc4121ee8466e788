package postern.message.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.imap.message.BodyPart;
import postern.imap.message.Envelope;
import postern.imap.message.RawText;
import postern.message.MessagePart;

class BodySelectionTest {

    @Test
    void aTextAloneIsBothBodies() {
        var body = BodySelection.of(part("1", "text/plain"));

        assertThat(ids(body.text())).containsExactly("1");
        assertThat(ids(body.html())).containsExactly("1");
        assertThat(body.hasAttachment()).isFalse();
    }

    @Test
    void alternativesAreOneBodyEach() {
        var body =
                BodySelection.of(
                        multipart("alternative", part("1", "text/plain"), part("2", "text/html")));

        assertThat(ids(body.text())).containsExactly("1");
        assertThat(ids(body.html())).containsExactly("2");
    }

    @Test
    void htmlAloneIsAlsoTheText() {
        var body = BodySelection.of(multipart("alternative", part("1", "text/html")));

        assertThat(ids(body.text())).containsExactly("1");
        assertThat(ids(body.html())).containsExactly("1");
    }

    @Test
    void picturesOfTheHtmlAreInlineFiles() {
        var body =
                BodySelection.of(
                        multipart(
                                "alternative",
                                part("1", "text/plain"),
                                multipart(
                                        "related",
                                        part("2.1", "text/html"),
                                        withCid(part("2.2", "image/png")))));

        assertThat(ids(body.text())).containsExactly("1");
        assertThat(ids(body.html())).containsExactly("2.1");
        assertThat(body.files()).extracting(BodySelection.FilePart::inline).containsExactly(true);
        assertThat(body.hasAttachment()).isFalse();
    }

    @Test
    void whatIsBelowTheTextIsAFile() {
        var body =
                BodySelection.of(
                        multipart(
                                "mixed",
                                multipart(
                                        "alternative",
                                        part("1.1", "text/plain"),
                                        part("1.2", "text/html")),
                                part("2", "application/pdf")));

        assertThat(ids(body.text())).containsExactly("1.1");
        assertThat(ids(body.html())).containsExactly("1.2");
        assertThat(body.files()).extracting(f -> f.part().partId()).containsExactly("2");
        assertThat(body.hasAttachment()).isTrue();
    }

    @Test
    void aFooterBelongsToBothBodies() {
        var body =
                BodySelection.of(
                        multipart(
                                "mixed",
                                multipart(
                                        "alternative",
                                        part("1.1", "text/plain"),
                                        part("1.2", "text/html")),
                                part("2", "text/plain")));

        assertThat(ids(body.text())).containsExactly("1.1", "2");
        assertThat(ids(body.html())).containsExactly("1.2", "2");
    }

    @Test
    void aNamedTextBehindTheFirstIsAFile() {
        var body =
                BodySelection.of(
                        multipart(
                                "mixed",
                                part("1", "text/plain"),
                                named("name*0*", part("2", "text/plain")),
                                part("3", "text/plain", "attachment")));

        assertThat(ids(body.text())).containsExactly("1");
        assertThat(body.files()).extracting(f -> f.part().partId()).containsExactly("2", "3");
    }

    @Test
    void aSequenceWithinAnAlternativeBelongsToItsFirstKind() {
        var body =
                BodySelection.of(
                        multipart(
                                "alternative",
                                multipart(
                                        "mixed",
                                        part("1.1", "text/plain"),
                                        part("1.2", "image/gif")),
                                multipart(
                                        "related",
                                        part("2.1", "text/html"),
                                        part("2.2", "image/gif"))));

        assertThat(ids(body.text())).containsExactly("1.1");
        assertThat(ids(body.html())).containsExactly("2.1");
    }

    /** The example of RFC 8621 §4.1.4, except that the pictures between the texts are files. */
    @Test
    void readsTheExampleOfTheStandard() {
        var body =
                BodySelection.of(
                        multipart(
                                "mixed",
                                part("A", "text/plain", "inline"),
                                multipart(
                                        "mixed",
                                        multipart(
                                                "alternative",
                                                multipart(
                                                        "mixed",
                                                        part("B", "text/plain", "inline"),
                                                        part("C", "image/jpeg", "inline"),
                                                        part("D", "text/plain", "inline")),
                                                multipart(
                                                        "related",
                                                        part("E", "text/html"),
                                                        part("F", "image/jpeg"))),
                                        part("G", "image/jpeg", "attachment"),
                                        part("H", "application/x-excel"),
                                        part("J", "message/rfc822")),
                                part("K", "text/plain", "inline")));

        assertThat(ids(body.text())).containsExactly("A", "B", "D", "K");
        assertThat(ids(body.html())).containsExactly("A", "E", "K");
        assertThat(body.files())
                .extracting(f -> f.part().partId())
                .containsExactly("C", "F", "G", "H", "J");
    }

    @Test
    void aTreeOfManyLevelsIsWalked() {
        var tree = part("1", "text/plain");
        for (int i = 0; i < 300; i++) {
            tree = multipart("mixed", tree);
        }

        assertThat(BodySelection.of(tree).text()).hasSize(1);
        assertThat(MessagePart.of(tree).type()).isEqualTo("multipart/mixed");
    }

    @Test
    void aFileSentInlineIsAFileAllTheSame() {
        for (var type : List.of("application/pdf", "image/png", "message/rfc822", "text/x-diff")) {
            var body =
                    BodySelection.of(
                            multipart("mixed", part("1", "text/html"), part("2", type, "inline")));

            assertThat(body.hasAttachment()).as(type).isTrue();
            assertThat(body.files()).extracting(BodySelection.FilePart::inline).containsOnly(false);
        }
    }

    @Test
    void aPictureIsInlineOnlyBesideTheHtmlThatMayReferToIt() {
        var picture = withCid(part("2", "image/png", "inline"));

        assertThat(inline(multipart("related", part("1", "text/html"), picture))).isTrue();
        assertThat(inline(multipart("mixed", part("1", "text/html"), picture))).isFalse();
        assertThat(inline(multipart("related", part("1", "text/plain"), picture))).isFalse();
        assertThat(
                        inline(
                                multipart(
                                        "related",
                                        part("1", "text/html"),
                                        part("2", "image/png", "inline"))))
                .isFalse();
        assertThat(
                        inline(
                                multipart(
                                        "related",
                                        part("1", "text/html"),
                                        withCid(part("2", "image/png", "attachment")))))
                .isFalse();
        assertThat(
                        inline(
                                multipart(
                                        "related",
                                        part("1", "text/html"),
                                        withCid(part("2", "application/pdf")))))
                .isFalse();
    }

    @Test
    void picturesKeepTheirPlaceBetweenTheTexts() {
        var body =
                BodySelection.of(
                        multipart(
                                "mixed",
                                part("1", "text/plain"),
                                part("2", "image/jpeg", "inline"),
                                part("3", "text/plain"),
                                part("4", "image/jpeg", "attachment"),
                                part("5", "image/jpeg")));

        assertThat(ids(body.text())).containsExactly("1", "3");
        assertThat(body.pictures())
                .extracting(it -> it.part().partId() + " after " + it.after())
                .containsExactly("2 after 1", "5 after 2");
    }

    @Test
    void otherRenderingsOfTheTextAreNoFiles() {
        for (var type : List.of("text/x-amp-html", "text/watch-html", "text/enriched")) {
            var body =
                    BodySelection.of(
                            multipart(
                                    "alternative",
                                    part("1", "text/plain"),
                                    part("2", type),
                                    part("3", "text/html")));

            assertThat(body.files()).as(type).isEmpty();
            assertThat(body.hasAttachment()).isFalse();
        }
    }

    @Test
    void aRenderingThatNobodyShowsIsAFileWhereThereIsNoOther() {
        var body = BodySelection.of(multipart("alternative", part("1", "text/enriched")));

        assertThat(body.hasAttachment()).isTrue();
    }

    @Test
    void signaturesReportsAndInvitationsCanBeHadButAreNoAttachments() {
        var signed =
                multipart(
                        "signed",
                        part("1", "text/plain"),
                        part("2", "application/pkcs7-signature", "attachment"));
        var report =
                multipart(
                        "report",
                        part("1", "text/plain"),
                        part("2", "message/delivery-status"),
                        part("3", "message/rfc822"));
        var invitation =
                multipart(
                        "alternative",
                        part("1", "text/plain"),
                        part("2", "text/html"),
                        part("3", "text/calendar"));
        for (var structure : List.of(signed, report, invitation)) {
            var body = BodySelection.of(structure);

            assertThat(body.files()).isNotEmpty();
            assertThat(body.hasAttachment()).isFalse();
        }
    }

    @Test
    void aCalendarBesideTheTextIsAnAttachment() {
        var body =
                BodySelection.of(
                        multipart("mixed", part("1", "text/plain"), part("2", "text/calendar")));

        assertThat(body.hasAttachment()).isTrue();
    }

    @Test
    void theRootOfRelatedIsThePartThatStartNames() {
        var body =
                BodySelection.of(
                        related(
                                Map.of("start", RawText.of("<root@x>"), "type", RawText.of("x/y")),
                                withCid(part("1", "image/png")),
                                part("2", "text/html"),
                                withCid("<root@x>", part("3", "text/html"))));

        assertThat(ids(body.html())).containsExactly("3");
        assertThat(body.hasAttachment()).isTrue();
    }

    @Test
    void theRootOfRelatedIsElseOfTheTypeThatTheWholeHas() {
        var body =
                BodySelection.of(
                        related(
                                Map.of("type", RawText.of("text/html")),
                                part("1", "text/plain"),
                                part("2", "text/html")));

        assertThat(ids(body.html())).containsExactly("2");
    }

    @Test
    void theRootOfRelatedHasWords() {
        for (var first : List.of("text/css", "image/png", "application/smil")) {
            var body =
                    BodySelection.of(
                            related(
                                    Map.of("type", RawText.of(first)),
                                    part("1", first),
                                    part("2", "text/html"),
                                    withCid(part("3", "image/png"))));

            assertThat(ids(body.html())).as(first).containsExactly("2");
            assertThat(body.files().getLast().inline()).isTrue();
        }
    }

    private static boolean inline(BodyPart structure) {
        return BodySelection.of(structure).files().getFirst().inline();
    }

    @Test
    void noStructureIsNoBody() {
        assertThat(BodySelection.of(null)).isEqualTo(BodySelection.NONE);
    }

    private static List<String> ids(List<BodyPart> parts) {
        return parts.stream().map(BodyPart::partId).toList();
    }

    private static BodyPart multipart(String subtype, BodyPart... children) {
        return multipart(subtype, Map.of(), children);
    }

    private static BodyPart related(Map<String, RawText> parameters, BodyPart... children) {
        return multipart("related", parameters, children);
    }

    private static BodyPart multipart(
            String subtype, Map<String, RawText> parameters, BodyPart... children) {
        return new BodyPart(
                "",
                new BodyPart.Type("multipart", subtype, parameters),
                null,
                null,
                "7bit",
                0,
                BodyPart.Disposition.NONE,
                null,
                List.of(children),
                null);
    }

    private static BodyPart part(String id, String mediaType) {
        return part(id, mediaType, null);
    }

    private static BodyPart part(String id, String mediaType, @Nullable String disposition) {
        return part(id, mediaType, disposition, Map.of(), null);
    }

    private static BodyPart named(String parameter, BodyPart part) {
        var parameters = Map.of(parameter, RawText.of("notes.txt"));
        return part(part.partId(), part.mediaType(), null, parameters, null);
    }

    private static BodyPart withCid(BodyPart part) {
        return withCid("<p@x>", part);
    }

    private static BodyPart withCid(String cid, BodyPart part) {
        return part(part.partId(), part.mediaType(), part.disposition(), Map.of(), RawText.of(cid));
    }

    private static BodyPart part(
            String id,
            String mediaType,
            @Nullable String disposition,
            Map<String, RawText> parameters,
            @Nullable RawText contentId) {
        var words = new ArrayList<>(List.of(mediaType.split("/")));
        return new BodyPart(
                id,
                new BodyPart.Type(words.get(0), words.get(1), parameters),
                contentId,
                null,
                "7bit",
                10,
                new BodyPart.Disposition(disposition, Map.of()),
                mediaType.equals("message/rfc822") ? Envelope.EMPTY : null,
                List.of(),
                null);
    }
}
