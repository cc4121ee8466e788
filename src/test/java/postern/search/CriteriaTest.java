package postern.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.Capabilities;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemException;
import tools.jackson.databind.json.JsonMapper;

class CriteriaTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Capabilities IMAP4 = new Capabilities(Set.of());
    private static final Capabilities GMAIL = new Capabilities(Set.of("X-GM-EXT-1"));

    @Test
    void turnsATreeIntoSearchKeys() {
        var criteria =
                criteria(
                        "{'or': [{'from': 'ada', 'unseen': true}, {'not': {'subject': 'news'}}],"
                                + " 'larger': 10, 'header': {'name': 'List-Id'}}");

        assertThat(criteria.exact()).isTrue();
        assertThat(criteria.term(IMAP4))
                .isEqualTo(
                        new SearchTerm.And(
                                List.of(
                                        new SearchTerm.Or(
                                                new SearchTerm.And(
                                                        List.of(
                                                                new SearchTerm.From("ada"),
                                                                new SearchTerm.Not(
                                                                        new SearchTerm.HasFlag(
                                                                                Flag.SEEN)))),
                                                new SearchTerm.Not(new SearchTerm.Subject("news"))),
                                        new SearchTerm.Header("List-Id", ""),
                                        new SearchTerm.Larger(10))));
    }

    @Test
    void letsMoreThroughWhereImapKnowsOnlyDays() {
        assertThat(criteria("{'since': '2026-03-01T10:00:00Z'}").term(IMAP4))
                .isEqualTo(new SearchTerm.Since(LocalDate.of(2026, 2, 28)));
        assertThat(criteria("{'before': '2026-03-01T10:00:00Z'}").term(IMAP4))
                .isEqualTo(new SearchTerm.Before(LocalDate.of(2026, 3, 3)));
        assertThat(criteria("{'not': {'hasAttachment': true}}").term(IMAP4))
                .isEqualTo(new SearchTerm.All());
        assertThat(criteria("{'since': '2026-03-01'}").exact()).isTrue();
        assertThat(criteria("{'since': '2026-03-01T10:00:00Z'}").exact()).isFalse();
    }

    @Test
    void aMessageIdIsComparedOnceTheServerHasFoundThoseThatContainIt() {
        var criteria = criteria("{'internetMessageId': '<a.b@example.org>'}");

        assertThat(criteria.exact()).isFalse();
        assertThat(criteria.term(IMAP4))
                .isEqualTo(new SearchTerm.Header("Message-ID", "a.b@example.org"));
        assertThat(criteria("{'internetMessageId': 'a.b@example.org'}").term(IMAP4))
                .isEqualTo(criteria.term(IMAP4));
    }

    @Test
    void automaticMessagesAreSoughtByTheirHeaderFieldsWhereTheServerFindsThem() {
        var report = criteria("{'automaticKind': 'null-return-path'}");
        var none = criteria("{'automatic': false}");

        assertThat(report.term(IMAP4)).isEqualTo(new SearchTerm.Header("Return-Path", "<>"));
        assertThat(report.term(GMAIL)).isEqualTo(new SearchTerm.All());
        assertThat(none.term(IMAP4))
                .isEqualTo(
                        new SearchTerm.And(
                                List.of(
                                        new SearchTerm.Not(new SearchTerm.Header("List-Id", "")),
                                        new SearchTerm.Not(new SearchTerm.Header("List-Post", "")),
                                        new SearchTerm.Not(
                                                new SearchTerm.Header("List-Unsubscribe", "")))));
        assertThat(none.term(GMAIL)).isEqualTo(new SearchTerm.All());
        assertThat(criteria("{'not': {'automaticKind': 'list'}}").term(IMAP4))
                .isEqualTo(new SearchTerm.All());
        assertThat(none.exact()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'internetMessageId': '<>'}          | /filter/internetMessageId",
                "{'internetMessageId': 'a<b>'}        | /filter/internetMessageId",
                "{'from': ''}                         | /filter/from",
                "{'or': [{}, {'text': 'a\\u0000b'}]}  | /filter/or/1/text",
                "{'not': {'since': 'yesterday'}}      | /filter/not/since",
                "{'header': {'name': 'a b'}}          | /filter/header/name",
                "{'header': {'name': 'a','value':''}} | /filter/header/value",
                "{'smaller': -1}                      | /filter/smaller",
                "{'hasKeyword': 'a b'}                | /filter/hasKeyword",
                "{'sentBefore': '20260101'}           | /filter/sentBefore",
            })
    void namesThePlaceThatCannotBe(String filter, String pointer) {
        assertThatThrownBy(() -> criteria(filter))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("`" + pointer + "` ");
    }

    @Test
    void refusesTreesThatAreTooDeepOrTooBig() {
        var deep = "{'not': ".repeat(20) + "{}" + "}".repeat(20);
        var wide = "{'or': [" + "{'from': 'a'},".repeat(200) + "{}]}";
        var longText = "{'text': '" + "a".repeat(1_000) + "'}";

        assertThatThrownBy(() -> criteria(deep)).hasMessageContaining("levels deep");
        assertThatThrownBy(() -> criteria(wide)).hasMessageContaining("conditions");
        assertThatThrownBy(() -> criteria(longText)).hasMessageContaining("characters");
    }

    @Test
    void saysWhichFieldNeedsGmail() {
        var criteria = criteria("{'and': [{'gmailRaw': 'in:drafts'}]}");

        criteria.requirePossible(new Capabilities(Set.of("X-GM-EXT-1")));
        assertThatThrownBy(() -> criteria.requirePossible(new Capabilities(Set.of())))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("`/filter/and/0/gmailRaw` ");
    }

    private static Criteria criteria(String filter) {
        return Criteria.of(
                JSON.readValue(filter.replace('\'', '"'), SearchFilter.class), "/filter");
    }
}
