package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;
import postern.imap.client.command.Command;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StatusCommand;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;
import postern.web.problem.ProblemCode;

/** Answers seen from real servers, and the problem that each becomes. */
class RefusalTextsTest {

    /** Without the tag, as quoted in public bug reports. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Gmail | NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure) |"
                        + " connection-limit",
                "Gmail | BAD [OVERQUOTA] Account exceeded command or bandwidth limits. |"
                        + " connection-limit",
                "Gmail | NO [THROTTLED] (Failure) | connection-limit",
                "Gmail | NO [UNAVAILABLE] Temporary System Error (Failure) | server-unavailable",
                "Gmail | NO Temporary System Error (Failure) | server-unavailable",
                "Gmail | NO [ALREADYEXISTS] Duplicate folder name x (Failure) | mailbox-exists",
                "Exchange | NO Server Unavailable. 15 | server-unavailable",
                "Exchange | BAD Request is throttled. Suggested Backoff Time: 178755 milliseconds |"
                        + " connection-limit",
                "Exchange | NO Request is throttled. Suggested Backoff Time: 299910 milliseconds |"
                        + " connection-limit",
                "Outlook.com | BAD User is authenticated but not connected. | server-unavailable",
                "Exchange | BAD Command Argument Error. 11 | protocol-error",
                "Yahoo | NO [TEMPFAIL] UID FETCH Temporary failure on server [CODE: WBL] |"
                        + " server-unavailable",
                "Yahoo | NO [UNAVAILABLE] UID FETCH Server error while fetching messages |"
                        + " server-unavailable",
                "Yahoo | NO [UNAVAILABLE] UID FETCH Service is temporarily not available |"
                        + " server-unavailable",
                "Yahoo | NO [LIMIT] UID FETCH Rate limit hit. | connection-limit",
                "Yahoo | NO [SERVERBUG] UID SEARCH Server error | protocol-error",
                "Yahoo | NO [SERVERBUG] SELECT Server error - Please try again later |"
                        + " server-unavailable",
                "iCloud | BAD [UNAVAILABLE] Service temporarily unavailable | server-unavailable",
                "iCloud | NO Service temporarily unavailable | server-unavailable",
                "Yandex | NO [UNAVAILABLE] UID FETCH internal server error sc=x_1 |"
                        + " server-unavailable",
                "Dovecot | NO [SERVERBUG] Internal error occurred. Refer to server log for more"
                        + " information. | protocol-error",
                "Dovecot | NO [OVERQUOTA] Quota exceeded (mailbox for user is full) | over-quota",
                "Dovecot | NO [OVERQUOTA] Quota exceeded, delete something and try again |"
                        + " over-quota",
                "Dovecot | NO [INUSE] Mailbox is locked, try again | mailbox-in-use",
                "Dovecot | NO [NOPERM] Permission denied (0.001 + 0.000 secs). | permission-denied",
                "Dovecot | NO [LIMIT] Too many keywords in this mailbox | not-possible",
                "Dovecot | NO [CANNOT] Invalid mailbox name | not-possible",
                "Cyrus | NO Server(s) unavailable to complete operation | server-unavailable",
                "Cyrus | NO Over quota | over-quota",
                "Cyrus | NO Permission denied | permission-denied",
                "Cyrus | NO Operation is not supported on mailbox | not-possible",
                "Courier | NO Error in IMAP command received by server. | not-possible",
                "some | NO (UNAVAILABLE) come back | server-unavailable",
                "some | NO <unavailable> come back | server-unavailable",
                "some | NO [SERVER-UNAVAILABLE] | server-unavailable",
                "some | NO [NONEXISTENT] Server unavailable | server-unavailable",
                "some | NO [CLIENTBUG] server too busy, retry later | server-unavailable"
            })
    void ofAnyCommand(String server, String answer, String problem) {
        assertThat(problem(new SimpleCommand("UID FETCH", line -> line.words("NOOP")), answer))
                .as(server)
                .isEqualTo(problem);
    }

    /** These stay not-possible until LIST shows whether the mailbox exists. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Gmail | NO [NONEXISTENT] Unknown Mailbox: x (now in authenticated state) (Failure)"
                        + " | mailbox-not-found",
                "Gmail | NO Unknown Mailbox: [Gmail] (now in authenticated state) (Failure) |"
                        + " mailbox-not-found",
                "Exchange | NO x doesn't exist. | mailbox-not-found",
                "Dovecot | NO [NONEXISTENT] Mailbox doesn't exist: x (0.001 + 0.000 secs). |"
                        + " mailbox-not-found",
                "Dovecot | NO Mailbox doesn't exist: x | mailbox-not-found",
                "Cyrus | NO Mailbox does not exist | mailbox-not-found",
                "mailo | NO [NONEXISTENT] Folder not exists | mailbox-not-found",
                "Yahoo | NO [NONEXISTENT] Mailbox doesn't exist: server unavailable |"
                        + " server-unavailable",
                "Yahoo | BAD [TRYCREATE] SELECT error - Folder does not exist or server encountered"
                        + " an error | not-possible",
                "Yahoo | NO [TRYCREATE] | not-possible",
                "Dovecot | NO Mailbox isn't selectable (0.000 + 0.000 secs). | not-possible",
                "Courier | NO Unable to open this mailbox. | not-possible",
                "Zimbra | NO SELECT failed | not-possible",
                "Exchange | NO Server Unavailable. 15 | server-unavailable",
                "NetEase | NO SELECT Unsafe Login. Please contact kefu@188.com for help |"
                        + " permission-denied",
                "Cyrus | NO Server(s) unavailable to complete operation | server-unavailable",
                "some | NO [TRYCREATE] not available, try again | server-unavailable",
                "Dovecot beside a RENAME | NO Mailbox was deleted under us (0.010 + 0.000 secs). |"
                        + " mailbox-in-use",
                "some | NO | not-possible"
            })
    void ofSelect(String server, String answer, String problem) {
        var mailbox = MailboxName.of("x");
        var none = new Capabilities(java.util.Set.of());
        assertThat(problem(new SelectCommand(mailbox, Access.READ_ONLY, none), answer))
                .as(server)
                .isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Gmail | [AUTHENTICATIONFAILED] Invalid credentials (Failure) |"
                        + " authentication-failed",
                "Gmail | [ALERT] Too many simultaneous connections. (Failure) | connection-limit",
                "Gmail | [ALERT] Application-specific password required:"
                        + " https://support.google.com/accounts/answer/185833 (Failure) |"
                        + " authentication-failed",
                "Gmail | [ALERT] Please log in via your web browser:"
                        + " https://support.google.com/mail/accounts/answer/78754 (Failure) |"
                        + " authentication-failed",
                "Gmail | [WEBALERT https://accounts.google.com/x] Web login required. |"
                        + " authentication-failed",
                "Gmail | [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail"
                        + " settings page. (Failure) | permission-denied",
                "Gmail | [ALERT] IMAP access is disabled for your domain. Please contact your"
                        + " domain administrator. (Failure) | permission-denied",
                "Exchange | LOGIN failed. | authentication-failed",
                "Exchange | AUTHENTICATE failed. | authentication-failed",
                "Exchange | Request is throttled. Suggested Backoff Time: 1000 milliseconds |"
                        + " connection-limit",
                "Yahoo | [AUTHENTICATIONFAILED] LOGIN Invalid credentials | authentication-failed",
                "Yahoo | [LIMIT] LOGIN Rate limit hit. | connection-limit",
                "Yahoo | [UNAVAILABLE] LOGIN Server error - Please try again later |"
                        + " server-unavailable",
                "iCloud | [AUTHENTICATIONFAILED] Authentication failed, please try again |"
                        + " authentication-failed",
                "iCloud | [UNAVAILABLE] Service temporarily unavailable | server-unavailable",
                "Yandex | [AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled"
                        + " sc=cYX_1 | authentication-failed",
                "Yandex | [UNAVAILABLE] LOGIN internal server error sc=cYX_1 | server-unavailable",
                "mail.ru | NEOBHODIM parol prilozheniya"
                        + " https://help.mail.ru/mail/security/protection/external / Aplication"
                        + " password is REQUIRED | authentication-failed",
                "QQ | Login fail. Account is abnormal, service is not open, password is incorrect,"
                        + " login frequency limited, or system is busy. | authentication-failed",
                "QQ | LOGIN Login error or password error | authentication-failed",
                "Fastmail | Incorrect username or password. | authentication-failed",
                "Fastmail | [ALERT] Incorrect password, please try again | authentication-failed",
                "GMX | authentication failed | authentication-failed",
                "Zimbra | LOGIN failed | authentication-failed",
                "Zimbra | [UNAVAILABLE] account is in maintenance mode | server-unavailable",
                "Cyrus | Login incorrect | authentication-failed",
                "Dovecot | [UNAVAILABLE] Maximum number of connections from user+IP exceeded"
                        + " (mail_max_userip_connections=10) | connection-limit",
                "Dovecot | [UNAVAILABLE] Temporary authentication failure. [mail:2026-01-01"
                        + " 10:00:00] | server-unavailable",
                "Dovecot | [AUTHENTICATIONFAILED] Authentication failed. | authentication-failed",
                "Mailu | Temporary authentication failure (rate-limit) | connection-limit",
                "Mailu | Authentication credentials invalid | authentication-failed",
                "some | [SERVERBUG] Internal error | protocol-error",
                "some | [PRIVACYREQUIRED] use TLS | permission-denied"
            })
    void ofALogin(String server, String answer, String problem) {
        var response = Response.of(answer);
        var code = response.code();
        assertThat(ProblemCode.of(ServerRefusals.login(code, response.rest())).toString())
                .as(server)
                .isEqualTo(problem);
    }

    @Test
    void aServerThatNamesATimeIsLeftAloneForThatLong() {
        var busy =
                ServerRefusals.bad(
                        "SELECT",
                        null,
                        "Request is throttled. Suggested Backoff Time: 299910 milliseconds");
        assertThat(((ImapException.ConnectionLimit) busy).retryAfter())
                .isEqualTo(Duration.ofMillis(299_910));

        var absurd = ServerRefusals.bad("SELECT", null, "Backoff Time: 999999999 milliseconds");
        assertThat(((ImapException.ConnectionLimit) absurd).retryAfter())
                .isEqualTo(Duration.ofHours(1));
    }

    /** The name of a mailbox may contain any words. */
    @Test
    void aMailboxIsNotAwayBecauseOfItsName() {
        for (var name : new String[] {"unavailable", "try again", "too many connections"}) {
            var command =
                    new StatusCommand(MailboxName.of(name), new Capabilities(java.util.Set.of()));
            assertThat(problem(command, "NO Mailbox doesn't exist: " + name))
                    .isEqualTo("mailbox-not-found");
            assertThat(problem(command, "NO cannot count \"" + name + "\""))
                    .isEqualTo("not-possible");
        }
    }

    @Test
    void whatNamesManyMailboxesIsReadOnce() {
        var text = "mailbox ".repeat(50_000);

        var refusal =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(10), () -> ServerRefusals.toException(null, text));

        assertThat(refusal).isInstanceOf(ImapException.NotPossible.class);
    }

    @Test
    void aMailboxThatIsNotThereIsFoundWhateverStandsBefore() {
        // the octet 0x85 is a line end for regular expressions, and half of a Cyrillic letter
        var text = "\u00d1\u0085 mailbox a folder \u00d1\u0085 is not found";

        assertThat(ServerRefusals.toException(null, text))
                .isInstanceOf(ImapException.MailboxNotFound.class);
    }

    @Test
    void ofATextThatDoesNotEndTheBeginningCounts() {
        var response = Response.of("NO " + "x".repeat(1 << 20));
        response.word();

        assertThat(response.words()).hasSize(8_000);
        assertThat(response.rest()).isEmpty();
    }

    private static @Nullable String problem(Command command, String answer) {
        var response = Response.of(answer);
        var word = response.word();
        response.skipSpaces();
        @Nullable ResponseCode code = response.code();
        command.complete(
                Command.Completion.valueOf(word.toUpperCase(Locale.ROOT)), code, response.rest());
        var failure = command.failure();
        return failure == null ? null : ProblemCode.of(failure).toString();
    }
}
