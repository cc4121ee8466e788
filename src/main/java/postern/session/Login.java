package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.web.LargestBody;

/// The user name and password of the mail account itself.
@LargestBody(octets = 64 * 1024)
record Login(
        @Schema(example = "anne@example.com")
                @NotEmpty
                @Size(max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                String username,
        @Schema(format = "password") @Size(max = 16_000) @Pattern(regexp = SENDABLE, message = RULE)
                String password) {

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
