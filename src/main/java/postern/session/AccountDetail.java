package postern.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.identity.Identity;
import postern.imap.Capabilities;
import postern.imap.ImapConnection;
import postern.imap.MailboxName;
import postern.imap.Namespaces;
import postern.imap.message.SortKey;
import postern.mailbox.directory.QuotaUsage;
import postern.web.ServerAddress;

/// A mail account and what its server offers.
///
/// @param username Who logs in.
/// @param actAs Whose mail it is, where it is not that user's own.
/// @param serverId What the server says of itself (RFC 2971).
/// @param capabilities Its IMAP capabilities after login, sorted.
/// @param quotas The quotas that count for INBOX, and so mostly for all of the user's mailboxes;
///   empty where nothing is limited, the server does not say, or the token does not reach INBOX.
/// @param identities The addresses that the user may send as, the own one first.
record AccountDetail(
        @Schema(example = "anne@example.com") String username,
        @Schema(example = "support@example.com") @Nullable String actAs,
        ServerAddress server,
        @Schema(example = "{\"name\": \"Dovecot\"}") Map<String, String> serverId,
        List<String> capabilities,
        Features features,
        AccountNamespaces namespaces,
        List<QuotaUsage> quotas,
        Limits limits,
        List<AccountIdentity> identities) {

    static AccountDetail of(Account account, ImapConnection connection, List<Identity> identities) {
        var capabilities = connection.capabilities();
        return new AccountDetail(
                account.login(),
                account.actsForAnother() ? account.user() : null,
                ServerAddress.of(account.server()),
                connection.serverId(),
                List.copyOf(new TreeSet<>(capabilities.names())),
                Features.of(capabilities),
                AccountNamespaces.of(connection.namespaces()),
                account.limits().reaches(MailboxName.INBOX.wire())
                        ? QuotaUsage.of(connection.quota(MailboxName.INBOX))
                        : List.of(),
                Limits.of(capabilities),
                identities.stream().map(AccountIdentity::of).toList());
    }

    /// An address that the user may send as.
    ///
    /// @param email The address. `*` in front of the `@` or behind it stands for anything: as
    ///   `*@example.org` the user sends as any address of that domain. To the user's own address
    ///   also belong those with a `+` and more in front of the `@`.
    /// @param name The name that goes with it, where there is one.
    record AccountIdentity(
            @Schema(example = "anne@example.com") String email,
            @Schema(example = "Customer Support") @Nullable String name) {

        static AccountIdentity of(Identity identity) {
            return new AccountIdentity(identity.address(), identity.name());
        }
    }

    /// Who does it: the mail server, the gateway in its stead, or nobody.
    enum Support {
        @JsonProperty("native")
        NATIVE,
        @JsonProperty("emulated")
        EMULATED,
        @JsonProperty("unavailable")
        UNAVAILABLE;

        static Support orEmulated(boolean offered) {
            return offered ? NATIVE : EMULATED;
        }

        static Support orUnavailable(boolean offered) {
            return offered ? NATIVE : UNAVAILABLE;
        }
    }

    /// What the server does itself and what the gateway makes up for.
    ///
    /// @param move Moving in one step (RFC 6851).
    /// @param uidPlus Removing one message and no other (RFC 4315).
    /// @param replace Replacing a draft in one step (RFC 8508).
    /// @param condStore Changing only what nobody else changed (RFC 7162).
    /// @param preview Previews of messages (RFC 8970); the gateway makes those that the server does
    ///   not tell.
    /// @param binary Parts with their encoding taken off (RFC 3516).
    /// @param listStatus Counting all mailboxes in one step (RFC 5819).
    /// @param eSearch Answers to searches as ranges (RFC 4731).
    /// @param sort Sorting by time, size and subject (RFC 5256).
    /// @param sortDisplay Sorting by the names that people see (RFC 5957).
    /// @param eSort Answers to sorting as ranges (RFC 5267).
    /// @param gmailSearch Searching as Gmail does (`gmailRaw`).
    /// @param specialUse Roles of mailboxes (RFC 6154).
    /// @param createSpecialUse Giving a new mailbox a role (RFC 6154 §3); emulated, its name gives
    ///   it.
    /// @param namespaces Telling the user's own mailboxes from others' (RFC 2342); emulated, all
    ///   are taken for the user's own.
    /// @param quota What is used and how much may be (RFC 9208).
    /// @param acl Who may do what with a mailbox (RFC 4314).
    /// @param listMyRights The user's rights to all mailboxes in one step (RFC 8440).
    /// @param statusSize How many octets a mailbox holds (RFC 8438).
    /// @param threads Finding which messages belong together: by the server's own threads where it
    ///   knows some (`threadIds`), else by references (RFC 5256, THREAD=REFS).
    /// @param threadIds Threads that hold in the whole account: `threadId` of messages, which are
    ///   the ids of listed threads too (RFC 8474, or Gmail's own).
    /// @param changes Telling what changed in a mailbox (RFC 7162, QRESYNC); emulated, the gateway
    ///   compares what there was with what there is.
    record Features(
            Support move,
            Support uidPlus,
            Support replace,
            Support condStore,
            Support preview,
            Support binary,
            Support listStatus,
            Support eSearch,
            Support sort,
            Support sortDisplay,
            Support eSort,
            Support gmailSearch,
            Support specialUse,
            Support createSpecialUse,
            Support namespaces,
            Support quota,
            Support acl,
            Support listMyRights,
            Support statusSize,
            Support threads,
            Support threadIds,
            Support changes) {

        static Features of(Capabilities capabilities) {
            return new Features(
                    Support.orEmulated(capabilities.move()),
                    Support.orEmulated(capabilities.uidPlus()),
                    Support.orEmulated(capabilities.replace()),
                    Support.orUnavailable(capabilities.condStore()),
                    Support.orEmulated(capabilities.preview()),
                    Support.orEmulated(capabilities.binary()),
                    Support.orEmulated(capabilities.listStatus()),
                    Support.orEmulated(capabilities.eSearch()),
                    Support.orEmulated(capabilities.sorts(SortKey.ARRIVAL)),
                    Support.orEmulated(capabilities.sorts(SortKey.DISPLAY_FROM)),
                    Support.orEmulated(capabilities.eSort()),
                    Support.orUnavailable(capabilities.gmail()),
                    Support.orEmulated(capabilities.specialUse()),
                    Support.orEmulated(capabilities.createSpecialUse()),
                    Support.orEmulated(capabilities.namespace()),
                    Support.orUnavailable(capabilities.quota()),
                    Support.orUnavailable(capabilities.acl()),
                    capabilities.listMyRights() || !capabilities.acl()
                            ? Support.orUnavailable(capabilities.listMyRights())
                            : Support.EMULATED,
                    Support.orUnavailable(capabilities.statusSize()),
                    Support.orEmulated(capabilities.threadRefs() || capabilities.threadIds()),
                    Support.orUnavailable(capabilities.threadIds()),
                    Support.orEmulated(capabilities.qresync()));
        }
    }

    /// Where mailboxes stand (RFC 2342).
    ///
    /// @param personal The user's own.
    /// @param otherUsers Those of other users.
    /// @param shared Everybody's.
    record AccountNamespaces(
            List<AccountNamespace> personal,
            List<AccountNamespace> otherUsers,
            List<AccountNamespace> shared) {

        static AccountNamespaces of(Namespaces namespaces) {
            return new AccountNamespaces(
                    AccountNamespace.of(namespaces.personal()),
                    AccountNamespace.of(namespaces.otherUsers()),
                    AccountNamespace.of(namespaces.shared()));
        }
    }

    /// What the paths of its mailboxes have in common.
    ///
    /// @param prefix How they start.
    /// @param delimiter Between their levels.
    record AccountNamespace(
            @Schema(example = "INBOX.") String prefix,
            @Schema(example = ".") @Nullable String delimiter) {

        static List<AccountNamespace> of(List<Namespaces.Namespace> namespaces) {
            return namespaces.stream().map(AccountNamespace::of).toList();
        }

        private static AccountNamespace of(Namespaces.Namespace namespace) {
            var delimiter = namespace.delimiter();
            var prefix = namespace.prefix();
            return new AccountNamespace(
                    prefix.isEmpty() ? prefix : new MailboxName(prefix).decoded(),
                    delimiter == null ? null : delimiter.toString());
        }
    }

    /// How much the mail server takes.
    ///
    /// @param maxMessageSize The largest message in octets (RFC 7889), where it says so for all
    ///   mailboxes.
    record Limits(@Schema(example = "52428800") @Nullable Long maxMessageSize) {

        static Limits of(Capabilities capabilities) {
            var limit = capabilities.appendLimit();
            return new Limits(limit.isPresent() ? limit.getAsLong() : null);
        }
    }
}
