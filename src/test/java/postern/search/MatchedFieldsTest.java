package postern.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.message.FetchItem;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.MatchedField;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageOrigin;
import tools.jackson.databind.json.JsonMapper;

class MatchedFieldsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final MessageMetadata FACTS =
            new MessageMetadata(
                    Set.of(FetchItem.ENVELOPE, FetchItem.PREVIEW),
                    null,
                    null,
                    new MessageMetadata.Header("About the garden", null, null, List.of()),
                    new MessageMetadata.Addresses(
                            List.of(new EmailAddress("Ada", "ada@example.org")),
                            List.of(new EmailAddress(null, "bob@example.org")),
                            List.of(new EmailAddress("Zo\u00eb Care", "zoe@example.net"))),
                    new MessageMetadata.Parts(false, List.of("1"), List.of("1"), List.of(), null),
                    "The roses are in bloom",
                    null,
                    null,
                    MessageOrigin.EMPTY,
                    false);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'subject': 'GARDEN'}                        | SUBJECT",
                "{'from': 'ada'}                              | FROM",
                "{'to': 'BOB@'}                               | TO",
                "{'cc': 'zoe@'}                               | CC",
                "{'cc': 'ZO\u00cb'}                           | CC",
                "{'body': 'roses'}                            | PREVIEW",
                "{'text': 'in bloom'}                         | PREVIEW",
                "{'header': {'name': 'TO', 'value': 'bob'}}   | TO",
                "{'header': {'name': 'cc', 'value': 'care'}}  | CC",
                "{'bcc': 'eve'}                               | BCC",
                "{'header': {'name': 'Bcc', 'value': 'eve'}}  | BCC",
                "{'header': {'name': 'List-Id'}}              | HEADER",
            })
    void namesTheFieldThatItWasFoundIn(String filter, MatchedField field) {
        assertThat(MatchedFields.anyTexts(criteria(filter))).isTrue();
        assertThat(MatchedFields.in(FACTS, criteria(filter))).containsExactly(field);
    }

    @Test
    void namesEveryFieldThatTheTextIsIn() {
        assertThat(MatchedFields.in(FACTS, criteria("{'text': 'example'}")))
                .containsExactly(MatchedField.FROM, MatchedField.TO, MatchedField.CC);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'or': [{'bcc': 'eve'}, {'text': 'further down'}]}",
                "{'or': [{'header': {'name': 'List-Id'}}, {'bcc': 'eve'}]}",
                "{'not': {'bcc': 'eve'}}",
                "{'header': {'name': 'Subject'}}",
                "{'to': 'somebody else, who is in a group'}",
            })
    void namesNothingThatIsNotCertain(String filter) {
        assertThat(MatchedFields.in(FACTS, criteria(filter))).isEmpty();
    }

    private static Criteria criteria(String filter) {
        var json = filter.replace('\'', '"');
        return Criteria.of(JSON.readValue(json, SearchFilter.class), "/filter");
    }
}
