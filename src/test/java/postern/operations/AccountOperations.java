package postern.operations;

import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.OperationContext.that;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/** What a user learns of the account. */
@NullMarked
final class AccountOperations {

    private AccountOperations() {}

    static final List<Operation> ALL =
            List.of(
                    always(
                            "getAccount",
                            "tell what the server offers",
                            at -> at.api().get("/account").expect(200)),
                    by(
                            "quota",
                            "getAccount",
                            "tell the quota",
                            at -> {
                                var told = new ArrayList<String>();
                                for (var quota : account(at).path("quotas")) {
                                    if (quota.path("resource").asString().equals("storage")) {
                                        told.add(
                                                quota.path("used").asLong() / 1024
                                                        + " "
                                                        + quota.path("limit").asLong() / 1024);
                                    }
                                }
                                var known =
                                        matches(
                                                "STORAGE (\\d+ \\d+)",
                                                at.program().command("GETQUOTAROOT INBOX"));
                                that(told.equals(known), told + " and not " + known);
                            }),
                    by(
                            "namespaces",
                            "getAccount",
                            "tell namespaces apart",
                            at -> {
                                var told = new ArrayList<String>();
                                for (var kind : List.of("personal", "otherUsers", "shared")) {
                                    for (var one : account(at).path("namespaces").path(kind)) {
                                        told.add(
                                                "\"%s\" \"%s\""
                                                        .formatted(
                                                                one.path("prefix").asString(),
                                                                one.path("delimiter").asString()));
                                    }
                                }
                                boolean asked =
                                        at.features()
                                                .path("namespaces")
                                                .asString()
                                                .equals("native");
                                var known =
                                        asked
                                                ? matches(
                                                        "\\((\"[^\"]*\" \"[^\"]*\")",
                                                        at.program().command("NAMESPACE"))
                                                : matches(
                                                                "LIST \\(.*\\) (\".\")",
                                                                at.program()
                                                                        .command("LIST \"\" \"\""))
                                                        .stream()
                                                        .map(delimiter -> "\"\" " + delimiter)
                                                        .toList();
                                that(told.equals(known), told + " and not " + known);
                            }));

    private static JsonNode account(OperationContext at) throws IOException {
        return at.api().get("/account").expect(200).json();
    }

    private static List<String> matches(String pattern, List<String> lines) {
        return lines.stream()
                .flatMap(line -> Pattern.compile(pattern).matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }
}
