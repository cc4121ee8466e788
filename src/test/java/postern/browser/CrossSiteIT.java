package postern.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.testbrowser.Chromium;
import postern.testbrowser.Site;
import postern.testbrowser.Tab;
import postern.testclient.HttpApi;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pages of other sites in a browser that has the user's password, as it keeps one that was typed
 * into its own dialogue. A browser tells the site of a page ({@code Sec-Fetch-Site}) only to hosts
 * that it trusts, which are those with TLS and {@code localhost}; the others are called {@code
 * mail.test} here.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(180)
class CrossSiteIT {

    private static final InMemoryServer MAIL = InMemoryServer.GREENMAIL;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Site PAGES = Site.start();
    private static Chromium browser;

    @LocalServerPort private int port;
    private final String user = MAIL.newUser();
    private HttpApi api;
    private String token;
    private String before;
    private Tab tab;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) {
        properties.add("postern.cors.allowed-origins", () -> PAGES.origin("app.test"));
    }

    @BeforeAll
    static void startBrowser() {
        browser = Chromium.start();
        PAGES.page("/", "<!DOCTYPE html><title>a page</title><body></body>");
    }

    @AfterAll
    static void stop() throws IOException {
        PAGES.close();
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void aMailbox() throws Exception {
        token = logIn();
        api = new HttpApi(port, token);
        api.post("/mailboxes/inbox/messages", "message/rfc822", "Subject: x\r\n\r\nsecret\r\n")
                .expect(201);
        before = state();
        tab = browser.open();
    }

    @AfterEach
    void closeTab() {
        tab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, multipart/form-data",
        "localhost, application/x-www-form-urlencoded",
        "localhost, text/plain",
        "mail.test, multipart/form-data",
        "mail.test, application/x-www-form-urlencoded",
        "mail.test, text/plain",
    })
    void aFormChangesNothing(String host, String type) throws IOException {
        keepPassword(host);
        for (var path :
                new String[] {
                    "/v1/mailboxes/inbox/messages", "/v1/mailboxes", "/v1/batch", "/v1/sessions"
                }) {
            tab.visit(PAGES.origin("evil.test") + "/");
            tab.evaluate(
                    """
                    const form = document.createElement("form");
                    form.method = "post";
                    form.enctype = "%s";
                    form.action = "%s";
                    const file = document.createElement("input");
                    file.type = "file";
                    file.name = "message";
                    const files = new DataTransfer();
                    files.items.add(new File(['{"subject": "forged"}'], "x",
                            {type: "application/json"}));
                    file.files = files.files;
                    const json = document.createElement("input");
                    json.name = '{"name": "forged", "x": "';
                    json.value = '"}';
                    form.append(file, json);
                    document.body.append(form);
                    form.submit();
                    """
                            .formatted(type, gateway(host) + path));
            tab.awaitUrl(gateway(host));

            // 401 would mean that the browser has sent no password; 415 is for forms of any page
            assertThat(tab.status(gateway(host) + path))
                    .as(path)
                    .isEqualTo(type.endsWith("urlencoded") ? 415 : 403);
        }
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "mail.test"})
    void aScriptChangesNothingAndReadsNothing(String host) throws IOException {
        keepPassword(host);
        tab.visit(PAGES.origin("evil.test") + "/");
        var requests =
                """
                (async () => {
                    const url = "%s/v1/mailboxes";
                    const json = '{"name": "forged"}';
                    const form = new FormData();
                    form.append("message", new Blob(['{"subject": "forged"}'],
                            {type: "application/json"}));
                    const all = {credentials: "include"};
                    const asked = [
                        fetch(url, {...all}),
                        fetch(url, {...all, mode: "no-cors"}),
                        fetch(url, {...all, mode: "no-cors", method: "POST", body: json}),
                        fetch(url, {...all, mode: "no-cors", method: "POST",
                            body: new Blob([json], {type: "text/plain"})}),
                        fetch(url + "/inbox/messages",
                            {...all, mode: "no-cors", method: "POST", body: form}),
                        fetch(url, {...all, method: "POST", body: json,
                            headers: {"Content-Type": "application/json"}}),
                        fetch(url + "/inbox", {...all, method: "DELETE"}),
                        fetch(url + "/inbox", {...all, method: "PATCH", body: json}),
                    ];
                    navigator.sendBeacon(url, json);
                    navigator.sendBeacon(url + "/inbox/messages", form);
                    const read = [];
                    for (const answer of await Promise.allSettled(asked)) {
                        if (answer.status === "fulfilled" && answer.value.type !== "opaque") {
                            read.push(answer.value.status);
                        } else if (answer.status === "fulfilled") {
                            read.push(...await answer.value.text());
                        }
                    }
                    return read;
                })()
                """
                        .formatted(gateway(host));

        assertThat(tab.evaluate(requests)).isEmpty();
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "mail.test"})
    void picturesScriptsStyleSheetsAndFramesShowNothing(String host) throws IOException {
        keepPassword(host);
        tab.visit(PAGES.origin("evil.test") + "/");
        var elements =
                """
                (async () => {
                    const url = "%s/v1/mailboxes";
                    const id = "%s";
                    const seen = [];
                    window.onerror = (message) => seen.push(message === "Script error." ? "" : message);
                    const make = (name, attributes) => new Promise((done) => {
                        const it = document.createElement(name);
                        Object.assign(it, attributes);
                        it.onload = () => done(it);
                        it.onerror = () => done(it);
                        document.body.append(it);
                    });
                    const picture = await make("img", {src: url});
                    seen.push(picture.naturalWidth || "");
                    await make("script", {src: url});
                    const sheet = await make("link", {rel: "stylesheet", href: url});
                    try {
                        seen.push(sheet.sheet ? "rules " + sheet.sheet.cssRules.length : "");
                    } catch (error) {
                        seen.push(error.name === "SecurityError" ? "" : error);
                    }
                    for (const path of ["", "/../messages/" + id + "/html"]) {
                        const frame = await make("iframe", {src: url + path});
                        seen.push(frame.contentDocument ? "frame" : "");
                    }
                    return seen.join("");
                })()
                """
                        .formatted(gateway(host), messageId());

        assertThat(tab.evaluate(elements).asString()).isEmpty();
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void anAllowedPageLogsInListsAndChanges() throws IOException {
        tab.visit(PAGES.origin("app.test") + "/");

        assertThat(tab.evaluate(useTheGateway()).asString()).isEqualTo("201 200 INBOX 201");
        assertThat(state()).isNotEqualTo(before);
    }

    @Test
    void anyOtherPageCannotEvenWithAToken() throws IOException {
        tab.visit(PAGES.origin("other.test") + "/");

        assertThat(tab.evaluate(useTheGateway()).asString()).startsWith("TypeError");
        assertThat(
                        tab.evaluate(
                                        """
                                        fetch("%s/v1/mailboxes", {headers: {Authorization: "Bearer %s"}})
                                            .then(answer => answer.text(), error => "" + error)
                                        """
                                                .formatted(gateway("localhost"), token))
                                .asString())
                .startsWith("TypeError");
        assertThat(state()).isEqualTo(before);
    }

    private String useTheGateway() {
        return """
        (async () => {
            const url = "%s/v1";
            const send = (path, method, body, headers) => fetch(url + path,
                {method, body, headers: {"Content-Type": "application/json", ...headers}});
            const session = await send("/sessions", "POST", '%s', {});
            const bearer = {Authorization: "Bearer " + (await session.json()).token};
            const list = await send("/mailboxes", "GET", undefined, bearer);
            const inbox = (await list.json()).items.find(it => it.role === "inbox");
            const made = await send("/mailboxes", "POST", '{"name": "made"}',
                {...bearer, "Idempotency-Key": "a-key-of-the-page-0001"});
            return [session.status, list.status, inbox.name, made.status].join(" ");
        })().catch(error => "" + error)
        """
                .formatted(gateway("localhost"), login());
    }

    /** The browser is asked for a password, and gives it to this host from now on. */
    private void keepPassword(String host) {
        var url = gateway(host) + "/v1/mailboxes";
        tab.visit(url.replace("://", "://%s:%s@".formatted(user, MAIL.password())));
        tab.visit(url);
        assertThat(tab.status(url)).isEqualTo(200);
    }

    private String state() throws IOException {
        return api.get("/mailboxes").expect(200).text()
                + api.get("/mailboxes/inbox/messages").expect(200).text();
    }

    private String messageId() throws IOException {
        return api.get("/mailboxes/inbox/messages").json().at("/items/0/id").asString();
    }

    private String gateway(String host) {
        return "http://%s:%d".formatted(host, port);
    }

    private String login() {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user, MAIL.password());
    }

    private String logIn() throws IOException, InterruptedException {
        var login =
                HttpRequest.newBuilder(URI.create(gateway("localhost") + "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(login()))
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(login, HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).get("token").asString();
        }
    }
}
