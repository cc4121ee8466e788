package postern.demo;

import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts an in-process mail server with one filled account, and points the gateway to it. What is
 * sent stays in it.
 */
@TestConfiguration(proxyBeanMethods = false)
public class DemoMailbox {
    static final String LOGIN = "demo";
    static final String PASSWORD = "demo";

    private static final String LOOPBACK = "127.0.0.1";
    private static final int ANY_PORT = 0;

    @Bean(destroyMethod = "stop")
    static GreenMail demoMailServer() throws Exception {
        // It logs a warning for every message/delivery-status.
        LoggingSystem.get(DemoMailbox.class.getClassLoader())
                .setLogLevel("com.icegreen.greenmail", LogLevel.ERROR);
        var server =
                new GreenMail(
                        new ServerSetup[] {
                            new ServerSetup(ANY_PORT, LOOPBACK, ServerSetup.PROTOCOL_IMAP),
                            new ServerSetup(ANY_PORT, LOOPBACK, ServerSetup.PROTOCOL_SMTP)
                        });
        server.start();
        fill(server);
        return server;
    }

    /**
     * Runs before any property is bound and takes precedence over all other sources, so that the
     * demo uses no other server.
     */
    @Bean
    static BeanFactoryPostProcessor pointGatewayAtDemoMailServer(
            GreenMail server, ConfigurableEnvironment environment) {
        Map<String, Object> properties =
                Map.of(
                        "postern.imap.host",
                        LOOPBACK,
                        "postern.imap.port",
                        server.getImap().getPort(),
                        "postern.imap.security",
                        "none",
                        "postern.submission.host",
                        LOOPBACK,
                        "postern.submission.port",
                        server.getSmtp().getPort(),
                        "postern.submission.security",
                        "none");
        environment.getPropertySources().addFirst(new MapPropertySource("demo", properties));
        return _ -> {};
    }

    private static void fill(GreenMail server) throws Exception {
        var user = server.setUser("demo@example.org", LOGIN, PASSWORD);
        var host = server.getManagers().getImapHostManager();
        for (var mailbox : new DemoMailboxes(Instant.now()).byName().entrySet()) {
            fill(mailbox(host, user, mailbox.getKey()), mailbox.getValue());
        }
    }

    private static MailFolder mailbox(ImapHostManager host, GreenMailUser user, String name)
            throws FolderException, AuthorizationException {
        var mailbox = name.equals("INBOX") ? host.getInbox(user) : host.createMailbox(user, name);
        host.subscribe(user, name);
        return mailbox;
    }

    private static void fill(MailFolder mailbox, List<DemoMessage> messages)
            throws MessagingException {
        var session = Session.getInstance(new Properties());
        for (var message : messages) {
            var parsed = new MimeMessage(session, new ByteArrayInputStream(message.octets()));
            mailbox.appendMessage(parsed, flags(message), Date.from(message.internalDate()));
        }
    }

    private static Flags flags(DemoMessage message) {
        var flags = new Flags();
        message.flags().stream().map(DemoMailbox::flag).forEach(flags::add);
        return flags;
    }

    private static Flags.Flag flag(String name) {
        return switch (name) {
            case "\\Seen" -> Flags.Flag.SEEN;
            case "\\Answered" -> Flags.Flag.ANSWERED;
            case "\\Flagged" -> Flags.Flag.FLAGGED;
            case "\\Draft" -> Flags.Flag.DRAFT;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
