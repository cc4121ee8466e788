package postern.testbrowser;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A page in a browser, and what happens in it. Scripts have a function {@code pwned()}, by which
 * they tell that they run.
 */
public final class Tab implements AutoCloseable {

    private static final String ALARM = "alarm";

    /** A function of the protocol wants exactly one text. */
    private static final String PWNED = "window.pwned = text => %s(String(text))".formatted(ALARM);

    private final DevTools devTools;
    private final String context;
    private final String target;
    private final String session;
    private final List<DevTools.Event> events = new CopyOnWriteArrayList<>();
    private final Consumer<DevTools.Event> listener = this::happened;

    private Tab(DevTools devTools, String context, String target, String session) {
        this.devTools = devTools;
        this.context = context;
        this.target = target;
        this.session = session;
    }

    static Tab open(DevTools devTools) {
        var context = devTools.call("", "Target.createBrowserContext", Map.of());
        var contextId = context.get("browserContextId").asString();
        var target =
                devTools.call(
                                "",
                                "Target.createTarget",
                                Map.of("url", "about:blank", "browserContextId", contextId))
                        .get("targetId")
                        .asString();
        var session =
                devTools.call(
                                "",
                                "Target.attachToTarget",
                                Map.of("targetId", target, "flatten", true))
                        .get("sessionId")
                        .asString();
        var tab = new Tab(devTools, contextId, target, session);
        devTools.listen(tab.listener);
        devTools.call("", "Target.setDiscoverTargets", Map.of("discover", true));
        tab.call("Page.enable", Map.of());
        tab.call("Network.enable", Map.of());
        tab.call("Runtime.enable", Map.of());
        tab.call("Runtime.addBinding", Map.of("name", ALARM));
        tab.call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", PWNED));
        tab.call("Network.setCacheDisabled", Map.of("cacheDisabled", true));
        return tab;
    }

    /** Header fields that it adds to every request. */
    public Tab headers(Map<String, String> headers) {
        call("Network.setExtraHTTPHeaders", Map.of("headers", headers));
        return this;
    }

    /** Opens a URL, and forgets what happened before; waits until it is loaded. */
    public Tab visit(String url) {
        events.clear();
        var answer = call("Page.navigate", Map.of("url", url));
        if (answer.has("errorText")) {
            throw new IllegalStateException(url + ": " + answer.get("errorText").asString());
        }
        return awaitEvent("Page.loadEventFired", _ -> true);
    }

    /** Opens what is no page, or is refused. */
    public void tryToVisit(String url) {
        call("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression of JavaScript, or of its promise. */
    public JsonNode evaluate(String script) {
        var answer =
                call(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                script,
                                "awaitPromise",
                                true,
                                "returnByValue",
                                true,
                                "userGesture",
                                true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.get("exceptionDetails").toString());
        }
        return answer.at("/result/value");
    }

    /** Computes styles and layout, so that it loads what it shows. */
    public Tab layOut() {
        call("Page.getLayoutMetrics", Map.of());
        return this;
    }

    /** Moves the mouse there, presses and releases it. */
    public void click(double x, double y) {
        for (var type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of("type", type, "x", x, "y", y, "button", "left", "clickCount", 1));
        }
    }

    /** Writes where the cursor is. */
    public void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    /** What scripts have said since the last visit. */
    public List<String> alarms() {
        return events.stream()
                .filter(event -> event.method().equals("Runtime.bindingCalled"))
                .filter(event -> event.text("name").equals(ALARM))
                .map(event -> "script " + event.text("payload"))
                .toList();
    }

    /** The requests since the last visit, as types and URLs; without {@code data:}. */
    public List<String> requests() {
        return events.stream()
                .filter(event -> event.method().equals("Network.requestWillBeSent"))
                .filter(event -> event.text("request/url").startsWith("http"))
                .map(event -> event.text("type") + " " + event.text("request/url"))
                .toList();
    }

    /** The status of the last response to a request for a URL that starts like this. */
    public @Nullable Integer status(String urlStart) {
        return events.stream()
                .filter(event -> event.method().equals("Network.responseReceived"))
                .filter(event -> event.text("response/url").startsWith(urlStart))
                .map(event -> event.parameters().at("/response/status").asInt())
                .reduce((_, last) -> last)
                .orElse(null);
    }

    /** The windows that were opened since the last visit. */
    public List<String> windows() {
        return events.stream()
                .filter(event -> event.method().equals("Target.targetCreated"))
                .map(event -> event.text("targetInfo/url"))
                .toList();
    }

    public String url() {
        return evaluate("location.href").asString();
    }

    /** Waits until its address begins so and it is loaded. */
    public Tab awaitUrl(String start) {
        Awaitility.await()
                .atMost(90, TimeUnit.SECONDS)
                .ignoreExceptions() // while it goes from one page to the next
                .until(() ->
                        url().startsWith(start)
                                && evaluate("document.readyState").asString().equals("complete"));
        return this;
    }

    /** Waits until an expression is true. */
    public Tab awaitTrue(String script) {
        Awaitility.await()
                .atMost(90, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> evaluate("!!(" + script + ")").asBoolean());
        return this;
    }

    @Override
    public void close() {
        devTools.ignore(listener);
        devTools.call("", "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }

    private Tab awaitEvent(String method, Predicate<DevTools.Event> which) {
        Awaitility.await()
                .atMost(90, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() ->
                        events.stream()
                                .anyMatch(it -> it.method().equals(method) && which.test(it)));
        return this;
    }

    private void happened(DevTools.Event event) {
        if (event.session().equals(session)) {
            events.add(event);
            if (event.method().equals("Page.javascriptDialogOpening")) {
                var _ =
                        devTools.send(
                                session, "Page.handleJavaScriptDialog", Map.of("accept", true));
            }
        } else if (event.method().equals("Target.targetCreated")
                && event.text("targetInfo/openerId").equals(target)) {
            events.add(event);
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        return devTools.call(session, method, parameters);
    }
}
