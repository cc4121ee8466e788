package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.MailboxName;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import tools.jackson.databind.json.JsonMapper;

class MailboxPatchTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void noParentIsAnotherThanTheSameParent() {
        assertThat(parse("{\"parentId\": null}").moved()).isTrue();
        assertThat(parse("{\"parentId\": null}").parentId()).isNull();
        assertThat(parse("{}").moved()).isFalse();
        assertThat(parse("{\"parentId\": \"inbox\"}").parentId())
                .isEqualTo(MailboxId.of(MailboxName.INBOX));
    }

    @Test
    void nullIsAbsentWhereThereIsNothingToRemove() {
        assertThat(parse("{\"name\": null, \"subscribed\": null}")).isEqualTo(parse("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | body",
                "{\"name\": 1} | /name",
                "{\"parentId\": \"nonsense\"} | /parentId",
                "{\"parentId\": 7} | /parentId",
                "{\"role\": \"junk\"} | /role",
                "{\"colour\": \"red\"} | /colour"
            })
    void saysWhichMemberCannotBe(String patch, String place) {
        assertThatThrownBy(() -> parse(patch))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(place);
    }

    private static MailboxPatch parse(String patch) {
        return MailboxPatch.parse(JSON.readTree(patch));
    }
}
