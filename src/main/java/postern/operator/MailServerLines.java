package postern.operator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import postern.provider.MailServer;
import postern.provider.MailServers;

/** Logs which mail servers the gateway connects to; a wrong port or none for TLS is seen there. */
@Component
final class MailServerLines {

    private static final Logger log = LoggerFactory.getLogger(MailServerLines.class);

    private final MailServers servers;

    MailServerLines(MailServers servers) {
        this.servers = servers;
    }

    @EventListener(ApplicationReadyEvent.class)
    void log() {
        servers.allowed().forEach(MailServerLines::log);
        if (servers.freeChoice()) {
            log.info("mail servers that callers name, where they have a public address");
        }
    }

    private static void log(MailServer server) {
        var what = server.source() == MailServer.Source.PRESET ? "preset" : "server";
        log.info("mail server {}, {} '{}'", server.imap().logged(), what, server.name());
    }
}
