package postern.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/providers.md} in step with the file of presets. */
class ProvidersPageTest {

    private static final Path PAGE = Path.of("docs/providers.md");

    private static final String HEAD =
            """
            # Providers

            The presets: mail providers that users may log in to once the operator has allowed them, such as with
            `postern.presets=gmail,yahoo`. `createSession` takes a preset's name as `server`; without one, the domain of the
            user name decides. The facts are in `src/main/resources/postern/provider/presets.yaml`, and a file of the same
            form (`postern.presets-file`) adds presets or replaces some. What is said of a host holds as well when the
            operator configures the same host as a server: the limit of connections, the longest session, and the
            extensions that are not used. The special mailboxes have their roles where the mail server tells none.

            *Unverified* facts are hearsay or general knowledge: not read in the provider's own documents, and not tried
            with an account there. No preset has been tried with an account of a user. `ProviderContractTest` uses `aol`,
            `gmail`, `icloud`, `netease-163`, `outlook`, `proton-bridge`, `qq` and `yahoo` with servers that play these
            providers after what users have reported of them.

            `ProvidersPageTest` writes this page: `mvn test -Dtest=ProvidersPageTest -Dproviders.update`.

            | preset | provider | IMAP | submission | sign in with |
            |---|---|---|---|---|
            """;

    @Test
    void thePageIsWhatTheFileSays() throws IOException {
        var page = page();

        if (Boolean.getBoolean("providers.update")) {
            Files.writeString(PAGE, page);
        }

        assertThat(page)
                .as("docs/providers.md; -Dproviders.update rewrites it")
                .isEqualTo(Files.readString(PAGE));
    }

    private static String page() {
        var presets = PresetsFile.read(PresetsFile.OURS);
        return presets.entrySet().stream()
                        .map(ProvidersPageTest::row)
                        .collect(Collectors.joining("", HEAD, ""))
                + presets.entrySet().stream()
                        .map(ProvidersPageTest::section)
                        .collect(Collectors.joining());
    }

    private static String row(Map.Entry<String, Provider> preset) {
        var provider = preset.getValue();
        return "| [`%s`](#%s) | %s | %s | %s | %s |\n"
                .formatted(
                        preset.getKey(),
                        preset.getKey(),
                        provider.title(),
                        address(
                                provider.imap().host(),
                                provider.imap().port(),
                                provider.imap().security()),
                        provider.smtp() == null
                                ? "–"
                                : address(
                                        provider.smtp().host(),
                                        provider.smtp().port(),
                                        provider.smtp().security()),
                        list(provider.signIn()));
    }

    private static String section(Map.Entry<String, Provider> preset) {
        var provider = preset.getValue();
        var lines = new ArrayList<String>();
        add(lines, "The user must", provider.userMust());
        add(lines, "Domains", code(provider.domains()));
        add(lines, "MX hosts of other domains", code(provider.mailExchangers()));
        add(lines, "User name", words(provider.username()));
        add(lines, "Mechanisms", code(new TreeSet<>(provider.mechanisms())));
        add(lines, "OAuth", provider.oauth() == null ? null : oauth(provider.oauth()));
        add(lines, "Connections of one account", provider.maxConnections());
        add(lines, "Longest session", time(provider.longestSession()));
        add(lines, "Longest session with OAuth", time(provider.longestSessionWithOauth()));
        add(lines, "Not used", code(new TreeSet<>(provider.disabledExtensions())));
        add(
                lines,
                "The copy of a sent message is stored by",
                provider.sentCopy() == null ? null : "the " + words(provider.sentCopy()));
        add(lines, "Special mailboxes", mailboxes(provider.specialMailboxes()));
        add(lines, "Only when it is named", provider.local() ? "`all` leaves it out" : null);
        add(lines, "Notes", provider.notes());
        add(lines, "*Unverified*", code(provider.unverified()));
        return "\n## `%s`\n\n%s".formatted(preset.getKey(), String.join("", lines));
    }

    private static void add(List<String> lines, String title, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            lines.add("- %s: %s\n".formatted(title, value));
        }
    }

    private static String address(String host, int port, Enum<?> security) {
        return "`%s:%d` %s".formatted(host, port, words(security));
    }

    private static String oauth(OAuthEndpoints oauth) {
        return "issuer `%s`, authorization `%s`%s, token `%s`, scopes %s, for sending %s"
                .formatted(
                        oauth.issuer(),
                        oauth.authorizationEndpoint() == null ? "?" : oauth.authorizationEndpoint(),
                        oauth.authorizationParameters().isEmpty()
                                ? ""
                                : " with " + code(parameters(oauth)),
                        oauth.tokenEndpoint() == null ? "?" : oauth.tokenEndpoint(),
                        code(oauth.imapScopes()),
                        code(oauth.smtpScopes()));
    }

    private static List<String> parameters(OAuthEndpoints oauth) {
        return new TreeMap<>(oauth.authorizationParameters())
                .entrySet().stream()
                        .map(entry -> "%s=%s".formatted(entry.getKey(), entry.getValue()))
                        .toList();
    }

    private static String mailboxes(Map<String, String> mailboxes) {
        return new TreeMap<>(mailboxes)
                .entrySet().stream()
                        .map(entry -> "%s is `%s`".formatted(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static @Nullable String time(@Nullable Duration time) {
        return time == null ? null : time.toHours() + " h";
    }

    private static String code(Iterable<String> names) {
        var all = new ArrayList<String>();
        names.forEach(name -> all.add("`" + name + "`"));
        return String.join(", ", all);
    }

    private static String list(List<SignIn> ways) {
        return ways.stream().map(ProvidersPageTest::words).collect(Collectors.joining(", "));
    }

    private static String words(Enum<?> constant) {
        return constant == SignIn.OAUTH
                ? "OAuth"
                : constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
