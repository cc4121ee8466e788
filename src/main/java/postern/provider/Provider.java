package postern.provider;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import postern.account.ImapServer;

/**
 * What is known of a mail provider. The presets are read from a file that has these names in
 * kebab-case.
 *
 * @param title What people call it.
 * @param domains The domains of the addresses that it hands out.
 * @param mailExchangers The names, or the ends of names, of the MX hosts of domains that it hosts.
 * @param imap Its IMAP server.
 * @param smtp Its submission server.
 * @param username What it takes as the user name.
 * @param mechanisms The SASL mechanisms of the IMAP server.
 * @param signIn The ways to sign in, the best first.
 * @param oauth Its authorization server.
 * @param maxConnections How many IMAP connections one account may have.
 * @param longestSession After what time the server ends a connection.
 * @param longestSessionWithOauth The same, for a connection that logged in with an access token.
 * @param disabledExtensions IMAP capabilities that the server announces and that are not to be
 *     used.
 * @param sentCopy Who stores the copy of a submitted message.
 * @param specialMailboxes Unusual names of special mailboxes, by role.
 * @param local Whether the server is a program on the gateway's own host.
 * @param userMust What the user must switch on or make before a mail program can sign in.
 * @param notes What else is worth knowing.
 * @param unverified Which of these are known only by hearsay.
 */
public record Provider(
        String title,
        @DefaultValue List<String> domains,
        @DefaultValue List<String> mailExchangers,
        ImapServer imap,
        @Nullable SmtpServer smtp,
        @DefaultValue("address") UsernameForm username,
        @DefaultValue Set<String> mechanisms,
        @DefaultValue List<SignIn> signIn,
        @Nullable OAuthEndpoints oauth,
        @Nullable Integer maxConnections,
        @Nullable Duration longestSession,
        @Nullable Duration longestSessionWithOauth,
        @DefaultValue Set<String> disabledExtensions,
        @Nullable SentCopy sentCopy,
        @DefaultValue Map<String, String> specialMailboxes,
        @DefaultValue("false") boolean local,
        @Nullable String userMust,
        @Nullable String notes,
        @DefaultValue List<String> unverified) {

    /** The names of the components as the file spells them. */
    static final Set<String> FIELDS =
            Arrays.stream(Provider.class.getRecordComponents())
                    .map(component -> kebab(component.getName()))
                    .collect(Collectors.toUnmodifiableSet());

    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+");

    public Provider {
        Assert.hasText(title, "title is missing");
        Assert.notNull(imap, "imap is missing");
        Assert.notNull(imap.security(), "imap.security is missing");
        Assert.notEmpty(signIn, "sign-in is missing");
        Assert.isTrue(
                oauth != null || !signIn.contains(SignIn.OAUTH),
                "sign-in has oauth, but oauth is missing");
        Assert.isTrue(maxConnections == null || maxConnections > 0, "max-connections is not > 0");
        Assert.isTrue(positive(longestSession), "longest-session is not > 0");
        Assert.isTrue(positive(longestSessionWithOauth), "longest-session-with-oauth is not > 0");
        for (var domain : Stream.concat(domains.stream(), mailExchangers.stream()).toList()) {
            Assert.isTrue(
                    DOMAIN.matcher(domain).matches(),
                    "'%s' is not a domain in lower case".formatted(domain));
        }
        for (var field : unverified) {
            Assert.isTrue(FIELDS.contains(field), "unverified names no field: " + field);
        }
        domains = List.copyOf(domains);
        mailExchangers = List.copyOf(mailExchangers);
        mechanisms = Set.copyOf(mechanisms);
        signIn = List.copyOf(signIn);
        disabledExtensions = Set.copyOf(disabledExtensions);
        specialMailboxes = Map.copyOf(specialMailboxes);
        unverified = List.copyOf(unverified);
    }

    /** How long a connection may be kept, whatever it logged in with. */
    public Optional<Duration> shortestSession() {
        return Stream.of(longestSession, longestSessionWithOauth)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .min(Duration::compareTo);
    }

    /** Whether this is one of the MX hosts of the domains that it hosts; a name in lower case. */
    public boolean exchangesMailAt(String host) {
        return mailExchangers.stream()
                .anyMatch(end -> host.equals(end) || host.endsWith("." + end));
    }

    private static boolean positive(@Nullable Duration time) {
        return time == null || time.isPositive();
    }

    private static String kebab(String name) {
        return StringUtils.uncapitalize(name).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
