package postern.provider;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import postern.account.HostNames;
import postern.account.Security;

/**
 * Where users of the default mail server ({@code postern.imap}) send messages. A preset knows it by
 * itself.
 *
 * @param host The host name of the submission server; its TLS certificate must be for this name.
 *     When it is not set, nothing can be sent, unless a preset has the same IMAP server. Unit: host
 *     name or address. Interplay: gets the credential of the session, unless {@code createSession}
 *     was given another one for it.
 * @param port The TCP port of the submission server. When it is not set, 465 with {@code security}
 *     {@code tls}, otherwise 587. Unit: port number.
 * @param security How the connection is protected: {@code tls} from the start, {@code starttls}
 *     before the login, or {@code none}, which sends passwords in the clear and is for tests. Unit:
 *     {@code tls}, {@code starttls} or {@code none}. Interplay: decides the default of {@code
 *     port}.
 * @param sentCopy Who stores a sent message in the mailbox of sent mail: {@code server} where the
 *     submission server does it by itself, otherwise {@code client}, which means the gateway. When
 *     it is not set, the gateway looks there for the message and stores it where it is not found,
 *     which costs a search. Unit: {@code server} or {@code client}. Interplay: {@code saveCopy} of
 *     a request can ask for another way.
 */
@ConfigurationProperties("postern.submission")
public record SubmissionProperties(
        @Nullable String host,
        @Nullable Integer port,
        @DefaultValue("TLS") Security security,
        @Nullable SentCopy sentCopy) {

    /** Nothing can be sent. */
    public static final SubmissionProperties NONE =
            new SubmissionProperties(null, null, Security.TLS, null);

    private static final int SUBMISSIONS = 465;
    private static final int SUBMISSION = 587;

    /**
     * @param property where it is configured, such as {@code postern.submission}
     */
    SmtpServer server(String property) {
        Assert.hasText(host, () -> property + ".host is missing");
        HostNames.checkServer(property, host, port);
        int usual = security == Security.TLS ? SUBMISSIONS : SUBMISSION;
        return new SmtpServer(host, port == null ? usual : port, security);
    }
}
