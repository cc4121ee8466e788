package postern.submission;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// How the wish to leave a mailing list was told to it. Whether the list obeys is the list's
/// affair.
///
/// @param httpStatus What the list's web server answered to `oneClick`.
/// @param email Where the message of `mail` went.
/// @param from As whom it was sent.
/// @param internetMessageId Its Message-ID.
/// @param smtpStatus What the submission server answered: reply code and enhanced status code.
record Unsubscription(
        Method method,
        @Schema(example = "200") @Nullable Integer httpStatus,
        @Schema(example = "leave@lists.example.org") @Nullable String email,
        @Schema(example = "anne@example.com") @Nullable String from,
        @Schema(example = "20260301.4711@example.org") @Nullable String internetMessageId,
        @Schema(example = "250 2.0.0") @Nullable String smtpStatus) {

    /// `oneClick`: by a request to the list's web server (RFC 8058). `mail`: by a message.
    @Schema(name = "UnsubscriptionMethod")
    enum Method {
        ONE_CLICK("oneClick"),
        MAIL("mail");

        private final String id;

        Method(String id) {
            this.id = id;
        }

        @JsonValue
        String id() {
            return id;
        }
    }

    static Unsubscription byRequest(int status) {
        return new Unsubscription(Method.ONE_CLICK, status, null, null, null, null);
    }

    static Unsubscription byMail(String email, String from, String messageId, String status) {
        return new Unsubscription(Method.MAIL, null, email, from, messageId, status);
    }
}
