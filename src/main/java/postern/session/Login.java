package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.web.LargestBody;

/// The user name and password of the mail account itself.
///
/// @param server Which of the gateway's mail servers: a name that the operator gave it, a preset
///   such as `gmail`, or `default`. When absent, the domain of the user name decides, and else it
///   is the default one.
@LargestBody(octets = 64 * 1024)
record Login(
        @Schema(example = "anne@example.com")
                @NotEmpty
                @Size(max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                String username,
        @Schema(format = "password") @Size(max = 16_000) @Pattern(regexp = SENDABLE, message = RULE)
                String password,
        @Schema(example = "gmail") @Size(min = 1, max = 100) @Nullable String server) {

    private static final String SENDABLE = "[^\\x00\\r\\n]*";
    private static final String RULE = "must not hold NUL or line ends";

    Account at(ImapServer server) {
        return new Account(server, username, new Password(password));
    }

    @Override
    public String toString() {
        return "Login[]";
    }
}
