package postern.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.Capabilities;
import postern.imap.ImapConnection;
import postern.imap.MailboxName;
import postern.imap.Namespaces;
import postern.imap.message.SortKey;
import postern.mailbox.directory.QuotaUsage;

/** An account and what its mail server offers. */
@Schema(description = "A mail account and what its server offers.")
record AccountDetail(
        @Schema(description = "Who logs in.", example = "anne@example.com") String username,
        @Schema(
                        description = "Whose mail it is, where it is not that user's own.",
                        example = "support@example.com")
                @Nullable String actAs,
        ServerAddress server,
        @Schema(
                        description = "What the server says of itself (RFC 2971).",
                        example = "{\"name\": \"Dovecot\"}")
                Map<String, String> serverId,
        @Schema(description = "Its IMAP capabilities after login, sorted.")
                List<String> capabilities,
        Features features,
        AccountNamespaces namespaces,
        @Schema(
                        description =
                                "The quotas that count for INBOX, and so mostly for all of the user's"
                                        + " mailboxes; empty where nothing is limited, or the server does not"
                                        + " say.")
                List<QuotaUsage> quotas,
        Limits limits) {

    static AccountDetail of(Account account, ImapConnection connection) {
        var capabilities = connection.capabilities();
        return new AccountDetail(
                account.login(),
                account.actsForAnother() ? account.user() : null,
                ServerAddress.of(account.server()),
                connection.serverId(),
                List.copyOf(new TreeSet<>(capabilities.names())),
                Features.of(capabilities),
                AccountNamespaces.of(connection.namespaces()),
                QuotaUsage.of(connection.quota(MailboxName.INBOX)),
                Limits.of(capabilities));
    }

    /** Who implements a feature. */
    @Schema(description = "Who does it: the mail server, the gateway in its stead, or nobody.")
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

    /** The features that depend on IMAP extensions, and who implements each on this server. */
    @Schema(description = "What the server does itself and what the gateway makes up for.")
    record Features(
            @Schema(description = "Moving in one step (RFC 6851).") Support move,
            @Schema(description = "Removing one message and no other (RFC 4315).") Support uidPlus,
            @Schema(description = "Replacing a draft in one step (RFC 8508).") Support replace,
            @Schema(description = "Changing only what nobody else changed (RFC 7162).")
                    Support condStore,
            @Schema(
                            description =
                                    "Previews of messages (RFC 8970); the gateway makes those that the"
                                            + " server does not tell.")
                    Support preview,
            @Schema(description = "Parts with their encoding taken off (RFC 3516).") Support binary,
            @Schema(description = "Counting all mailboxes in one step (RFC 5819).")
                    Support listStatus,
            @Schema(description = "Answers to searches as ranges (RFC 4731).") Support eSearch,
            @Schema(description = "Sorting by time, size and subject (RFC 5256).") Support sort,
            @Schema(description = "Sorting by the names that people see (RFC 5957).")
                    Support sortDisplay,
            @Schema(description = "Answers to sorting as ranges (RFC 5267).") Support eSort,
            @Schema(description = "Searching as Gmail does (`gmailRaw`).") Support gmailSearch,
            @Schema(description = "Roles of mailboxes (RFC 6154).") Support specialUse,
            @Schema(
                            description =
                                    "Giving a new mailbox a role (RFC 6154 §3); emulated, its name gives"
                                            + " it.")
                    Support createSpecialUse,
            @Schema(
                            description =
                                    "Telling the user's own mailboxes from others' (RFC 2342); emulated,"
                                            + " all are taken for the user's own.")
                    Support namespaces,
            @Schema(description = "What is used and how much may be (RFC 9208).") Support quota,
            @Schema(description = "Who may do what with a mailbox (RFC 4314).") Support acl,
            @Schema(description = "The user's rights to all mailboxes in one step (RFC 8440).")
                    Support listMyRights,
            @Schema(description = "How many octets a mailbox holds (RFC 8438).") Support statusSize,
            @Schema(
                            description =
                                    "Finding which messages belong together: by the server's own"
                                            + " threads where it knows some (`threadIds`), else by"
                                            + " references (RFC 5256, THREAD=REFS).")
                    Support threads,
            @Schema(
                            description =
                                    "Threads that hold in the whole account: `threadId` of messages,"
                                            + " which are the ids of listed threads too (RFC 8474, or"
                                            + " Gmail's own).")
                    Support threadIds) {

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
                    Support.orUnavailable(capabilities.threadIds()));
        }
    }

    /** The namespaces of an account (RFC 2342). */
    @Schema(description = "Where mailboxes stand (RFC 2342).")
    record AccountNamespaces(
            @Schema(description = "The user's own.") List<AccountNamespace> personal,
            @Schema(description = "Those of other users.") List<AccountNamespace> otherUsers,
            @Schema(description = "Everybody's.") List<AccountNamespace> shared) {

        static AccountNamespaces of(Namespaces namespaces) {
            return new AccountNamespaces(
                    AccountNamespace.of(namespaces.personal()),
                    AccountNamespace.of(namespaces.otherUsers()),
                    AccountNamespace.of(namespaces.shared()));
        }
    }

    /** A namespace. */
    @Schema(description = "What the paths of its mailboxes have in common.")
    record AccountNamespace(
            @Schema(description = "How they start.", example = "INBOX.") String prefix,
            @Schema(description = "Between their levels.", example = ".")
                    @Nullable String delimiter) {

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

    /** The limits of the server. */
    @Schema(description = "How much the mail server takes.")
    record Limits(
            @Schema(
                            description =
                                    "The largest message in octets (RFC 7889), where it says so for"
                                            + " all mailboxes.",
                            example = "52428800")
                    @Nullable Long maxMessageSize) {

        static Limits of(Capabilities capabilities) {
            var limit = capabilities.appendLimit();
            return new Limits(limit.isPresent() ? limit.getAsLong() : null);
        }
    }
}
