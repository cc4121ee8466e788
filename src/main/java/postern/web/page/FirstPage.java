package postern.web.page;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.web.Locations;
import postern.web.inbox.InboxProperties;

/** What somebody sees who opens the gateway's address in a browser. */
@Hidden
@RestController
final class FirstPage {

    private static final String LINKS =
            """
            <p>Mailboxes of IMAP over HTTP. It keeps no mail.</p>
            <dl>%2$s
            <dt>Try it</dt>
            <dd><code>curl -u user:password <span>%1$s</span>/v1/mailboxes</code></dd>
            <dd><a href="%1$s/swagger-ui/index.html">Swagger UI</a>: each operation, with a form</dd>
            <dt>The contract</dt>
            <dd><a href="%1$s/v3/api-docs.yaml">OpenAPI in YAML</a>, <a href="%1$s/v3/api-docs">in JSON</a>:
            generate a client, or read the examples</dd>
            <dd><a href="%1$s/problems">Problems</a>: each code, when it occurs, and what a client does</dd>
            <dt>Health</dt>
            <dd><a href="%1$s/livez">livez</a>, <a href="%1$s/readyz">readyz</a></dd>
            </dl>
            <p>Guides and examples are in <code>docs/</code> and <code>examples/</code> of Postern.</p>
            """;

    private static final String INBOX =
            """

            <dt>See it</dt>
            <dd><a href="%s/inbox/">The inbox</a>: a small mail app that uses nothing but the contract</dd>\
            """;

    private final InboxProperties inbox;

    FirstPage(InboxProperties inbox) {
        this.inbox = inbox;
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> page() {
        var context = Page.text(Locations.contextPath());
        return Page.of(
                "Postern",
                LINKS.formatted(context, inbox.enabled() ? INBOX.formatted(context) : ""));
    }
}
