package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.imap.Grant;
import postern.imap.MailboxName;

/// Somebody's rights to a mailbox (RFC 4314 §2).
///
/// @param identifier Whose: a user name, `anyone`, or what else the mail server knows. With a
///   hyphen in front, the rights are those that are taken away.
record GrantedRights(@Schema(example = "bob") String identifier, MailboxRights rights) {

    static GrantedRights of(MailboxName mailbox, Grant grant) {
        return new GrantedRights(grant.identifier(), MailboxRights.of(mailbox, grant.rights()));
    }
}
