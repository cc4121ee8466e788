package postern.contract;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import postern.contract.SchemaBreaks.Use;
import tools.jackson.databind.JsonNode;

/**
 * What in a newer contract breaks the clients of an older one, by the rules of {@code
 * docs/versioning.md}, one line for each break.
 *
 * <p>No library is used for it: those for Java do not see a changed type in OpenAPI 3.1.
 */
final class ContractBreaks {

    private final JsonNode before;
    private final JsonNode after;
    private final Set<String> breaks = new LinkedHashSet<>();
    private final SchemaBreaks schemas;

    private ContractBreaks(JsonNode before, JsonNode after) {
        this.before = before;
        this.after = after;
        this.schemas = new SchemaBreaks(before, after, breaks::add);
    }

    static List<String> between(JsonNode before, JsonNode after) {
        var comparison = new ContractBreaks(before, after);
        comparison.compare();
        return List.copyOf(comparison.breaks);
    }

    private void compare() {
        names("schemas", "schema");
        names("securitySchemes", "security scheme");
        codes();
        for (var path : before.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                var now = after.path("paths").path(path.getKey()).path(operation.getKey());
                if (now.isMissingNode()) {
                    report(operation.getValue().path("operationId").asString(), "is gone");
                } else {
                    operation(operation.getValue(), now);
                }
            }
        }
    }

    /** For the app a request that it gets is something that it reads. */
    private void callbacks(JsonNode was, JsonNode is) {
        for (var callback : was.path("callbacks").properties()) {
            for (var url : callback.getValue().properties()) {
                var now = is.path("callbacks").path(callback.getKey()).path(url.getKey());
                if (now.isMissingNode()) {
                    report(callback.getKey(), "is gone");
                } else {
                    media(
                            callback.getKey() + " delivers",
                            Use.ANSWER,
                            url.getValue().at("/post/requestBody"),
                            now.at("/post/requestBody"));
                }
            }
        }
    }

    /** Generated clients have these names, wherever they are used. */
    private void names(String kind, String word) {
        before.path("components").path(kind).propertyNames().stream()
                .filter(name -> !after.path("components").path(kind).has(name))
                .forEach(name -> report("the %s %s".formatted(word, name), "is gone"));
    }

    private void codes() {
        var now = codes(after);
        codes(before)
                .forEach((code, status) -> {
                    if (!now.containsKey(code)) {
                        report("the problem `%s`".formatted(code), "is gone");
                    } else if (!now.get(code).equals(status)) {
                        report(
                                "the problem `%s`".formatted(code),
                                "was a %s and is a %s".formatted(status, now.get(code)));
                    }
                });
    }

    /** The status of each code, from the examples of problems. */
    private static Map<String, String> codes(JsonNode document) {
        var codes = new TreeMap<String, String>();
        document.at("/components/responses")
                .valueStream()
                .flatMap(response -> response.path("content").valueStream())
                .flatMap(media -> media.path("examples").valueStream())
                .map(example -> example.path("value"))
                .forEach(it -> codes.put(it.path("code").asString(), it.path("status").asString()));
        return codes;
    }

    private void operation(JsonNode was, JsonNode is) {
        var id = was.path("operationId").asString();
        if (!is.path("operationId").asString().equals(id)) {
            report(id, "is called " + is.path("operationId").asString());
        }
        if (!is.path("tags").path(0).equals(was.path("tags").path(0))) {
            report(id, "has another tag, by which generated clients name a class");
        }
        if (!scopes(was).contains("whole-session") && !scopes(was).containsAll(scopes(is))) {
            report(id, "needs the scope " + String.join(" ", scopes(is)));
        }
        credentials(id, was, is);
        parameters(id, was, is);
        body(id, was.path("requestBody"), is.path("requestBody"));
        callbacks(was, is);
        for (var response : was.path("responses").properties()) {
            response(
                    id,
                    response.getKey(),
                    response.getValue(),
                    is.path("responses").path(response.getKey()));
        }
    }

    private static List<String> scopes(JsonNode operation) {
        return Stream.of(operation.path("x-required-scope").asString("none").split(" "))
                .filter(scope -> !scope.equals("none"))
                .toList();
    }

    private void credentials(String id, JsonNode was, JsonNode is) {
        var old = was.has("security") ? was.path("security") : before.path("security");
        var now = is.has("security") ? is.path("security") : after.path("security");
        if (old.isEmpty() && !now.isEmpty()) {
            report(id, "needs credentials");
        }
        if (!now.isEmpty()) {
            var ways = now.valueStream().toList();
            old.valueStream()
                    .filter(way -> !ways.contains(way))
                    .forEach(way ->
                            report(
                                    id,
                                    "no longer takes " + String.join(", ", way.propertyNames())));
        }
    }

    private void parameters(String id, JsonNode was, JsonNode is) {
        var old = parameters(before, was);
        var now = parameters(after, is);
        old.forEach((name, parameter) -> {
            if (now.containsKey(name)) {
                parameter("%s %s".formatted(id, name), parameter, now.get(name));
            } else {
                report("%s %s".formatted(id, name), "is gone");
            }
        });
        now.forEach((name, parameter) -> {
            if (!old.containsKey(name) && parameter.path("required").asBoolean(false)) {
                report("%s %s".formatted(id, name), "is new and required");
            }
        });
    }

    private static Map<String, JsonNode> parameters(JsonNode document, JsonNode operation) {
        var parameters = new TreeMap<String, JsonNode>();
        for (var parameter : operation.path("parameters")) {
            var resolved = Contract.resolve(document, parameter);
            parameters.put(
                    "`%s` (%s)"
                            .formatted(
                                    resolved.path("name").asString(),
                                    resolved.path("in").asString()),
                    resolved);
        }
        return parameters;
    }

    private void parameter(String name, JsonNode was, JsonNode is) {
        if (is.path("required").asBoolean(false) && !was.path("required").asBoolean(false)) {
            report(name, "is required");
        }
        if (!is.path("style").equals(was.path("style"))
                || !is.path("explode").equals(was.path("explode"))) {
            report(name, "is written in another way (style, explode)");
        }
        schemas.compare(name, Use.REQUEST, was.path("schema"), is.path("schema"));
    }

    private void body(String id, JsonNode was, JsonNode is) {
        boolean optional = !was.path("required").asBoolean(false);
        if (optional && is.path("required").asBoolean(false)) {
            report(id, "needs a body");
        }
        media(id + " takes", Use.REQUEST, was, is);
    }

    private void response(String id, String status, JsonNode was, JsonNode is) {
        boolean problem = status.startsWith("4") || status.startsWith("5");
        if (is.isMissingNode()) {
            // a client bears that a problem does not come
            if (!problem) {
                report(id, "no longer answers " + status);
            }
            return;
        }
        var old = Contract.resolve(before, was);
        var now = Contract.resolve(after, is);
        var place = "%s answers %s".formatted(id, status);
        media(place, Use.ANSWER, old, now);
        for (var header : old.path("headers").properties()) {
            var name = "%s with %s".formatted(place, header.getKey());
            var kept = now.path("headers").path(header.getKey());
            if (kept.isMissingNode()) {
                report(name, "no longer");
            } else {
                schemas.compare(
                        name, Use.ANSWER, header.getValue().path("schema"), kept.path("schema"));
            }
        }
    }

    private void media(String place, Use use, JsonNode was, JsonNode is) {
        for (var media : was.path("content").properties()) {
            var name = "%s %s".formatted(place, media.getKey());
            var now = is.path("content").path(media.getKey());
            if (now.isMissingNode()) {
                report(name, "no longer");
                continue;
            }
            if (!now.path("encoding").equals(media.getValue().path("encoding"))) {
                report(name, "with another encoding");
            }
            schemas.compare(name, use, media.getValue().path("schema"), now.path("schema"));
        }
    }

    private void report(String what, String how) {
        breaks.add(what + " " + how);
    }
}
