package postern.message.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.MailboxRole;
import postern.imap.message.Flag;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import tools.jackson.databind.json.JsonMapper;

class MessagePatchTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void trueAddsAndNullOrFalseRemoves() {
        var patch = parse("{'keywords': {'$seen': true, '$flagged': null, 'x': false}}");

        assertThat(patch.flagChange().added()).isEqualTo(Set.of(Flag.SEEN));
        assertThat(patch.flagChange().removed()).isEqualTo(Set.of(Flag.FLAGGED, new Flag("x")));
    }

    @Test
    void namesTheMailboxToMoveTo() {
        assertThat(parse("{'mailboxId': 'archive'}").mailboxId())
                .isEqualTo(MailboxId.parse(MailboxRole.ARCHIVE.id()));
    }

    @Test
    void anEmptyPatchChangesNothing() {
        assertThat(parse("{}").flagChange().empty()).isTrue();
        assertThat(parse("{'keywords': {}}").flagChange().empty()).isTrue();
        assertThat(parse("{'keywords': null}").flagChange().empty()).isTrue();
        assertThat(parse("{'mailboxId': null}").mailboxId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'subject': 'x'} | /subject",
                "{'a/b~c': 1} | /a~1b~0c",
                "{'keywords': []} | /keywords",
                "{'keywords': {'$seen': 1}} | /keywords/$seen",
                "{'keywords': {'$seen': 'true'}} | /keywords/$seen",
                "{'keywords': {'a/b c': true}} | /keywords/a~1b c",
                "{'keywords': {'$recent': true}} | /keywords/$recent",
                "{'keywords': {'': true}} | /keywords/",
                "{'keywords': {'$seen': true, '$SEEN': null}} | /keywords/$SEEN",
                "{'mailboxId': 'no such id'} | /mailboxId",
                "[] | the body"
            })
    void namesWhatCannotBe(String json, String pointer) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(pointer);
    }

    private static MessagePatch parse(String json) {
        return MessagePatch.parse(JSON.readTree(json.replace('\'', '"')));
    }
}
