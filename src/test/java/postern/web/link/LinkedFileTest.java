package postern.web.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.MailboxName;
import postern.testserver.SomeAccount;
import postern.web.id.MessageId;

class LinkedFileTest {

    private static final MessageId ID =
            MessageId.of(SomeAccount.message(MailboxName.of("Grüße aus Ulm"), 7, 9));

    @Test
    void survivesItsTarget() {
        var part = new LinkedFile(ID, LinkKind.PART, "1.2", LinkDisposition.INLINE);
        var message = new LinkedFile(ID, LinkKind.MESSAGE, "", null);

        assertThat(LinkedFile.parse(part.target())).hasValue(part);
        assertThat(LinkedFile.parse(message.target())).hasValue(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X part 2 ",
                "ID",
                "ID part",
                "ID part 2",
                "ID part  ",
                "ID message 2 ",
                "ID part 2 inline ",
                "ID part 02 ",
                "ID parts 2 ",
                "ID part 2 INLINE",
                "ID raw  "
            })
    void readsNothingElse(String target) {
        assertThat(LinkedFile.parse(target.replace("ID", ID.toString()))).isEmpty();
    }

    @Test
    void onlyAPartHasAPartId() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinkedFile(ID, LinkKind.PART, "", null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinkedFile(ID, LinkKind.MESSAGE, "1", null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinkedFile(ID, LinkKind.PART, "2 BODY[1]", null));
    }
}
