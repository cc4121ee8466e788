package postern.imap.client.command;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.Capabilities;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;

class ListCommandTest {

    /** Regression: an unterminated list of attributes caused an endless loop. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "LIST (\\HasNoChildren",
                "LIST (\\HasNoChildren ",
                "LIST (\\Sent (\\Drafts)) \"/\" Sent"
            })
    @Timeout(value = 30, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsWhereTheAttributesDoNot(String response) {
        var list = ListCommand.list(Capabilities.of(Set.of()), Set.of());

        assertThatThrownBy(() -> list.take(Response.of(response)))
                .isInstanceOf(MalformedResponse.class);
    }
}
