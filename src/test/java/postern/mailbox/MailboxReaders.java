package postern.mailbox;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.web.problem.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The parsers of requests for mailboxes, as fuzz targets. */
public final class MailboxReaders {

    private static final JsonMapper JSON = new JsonMapper();

    private MailboxReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("new mailbox", MailboxReaders::newMailbox)
                        .throwing(JacksonException.class, InvalidRequest.class)
                        .of(
                                "{\"name\":\"Invoices\",\"role\":\"archive\"}",
                                "{\"path\":\"Work/Invoices\"}",
                                "\"parentId\":\"inbox\"",
                                "\"role\":\"inbox\"",
                                "\"subscribed\":true",
                                "\"EUlOQk9YYA6bfA\"",
                                "{",
                                "}",
                                ",",
                                "null"),
                FuzzTarget.of("mailbox patch", it -> text(MailboxPatch.parse(JSON.readTree(it))))
                        .throwing(JacksonException.class, InvalidRequest.class)
                        .of(
                                "{\"name\":\"Invoices 2026\"}",
                                "{\"parentId\":\"inbox\"}",
                                "\"parentId\":null",
                                "\"subscribed\":false",
                                "\"role\":\"sent\"",
                                "\"a/~b\":1",
                                "\"EUlOQk9YYA6bfA\"",
                                "{",
                                "}",
                                ","));
    }

    private static @Nullable CharSequence newMailbox(byte[] octets) {
        var wanted = JSON.readValue(octets, MailboxRequest.class);
        return wanted == null ? null : text(wanted) + wanted.checkedRole();
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
