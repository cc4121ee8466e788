package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** All identifiers with rights to a mailbox. */
record RightsList(
        @Schema(description = "In the mail server's own order.") List<GrantedRights> items) {}
