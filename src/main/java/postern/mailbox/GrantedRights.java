package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.imap.Grant;
import postern.imap.MailboxName;

/** Who has which rights to a mailbox. */
@Schema(description = "Somebody's rights to a mailbox (RFC 4314 §2).")
record GrantedRights(
        @Schema(
                        description =
                                "Whose: a user name, `anyone`, or what else the mail server knows. With a"
                                        + " hyphen in front, the rights are those that are taken away.",
                        example = "bob")
                String identifier,
        MailboxRights rights) {

    static GrantedRights of(MailboxName mailbox, Grant grant) {
        return new GrantedRights(grant.identifier(), MailboxRights.of(mailbox, grant.rights()));
    }
}
