package postern;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import postern.cache.MeasuredCache;
import postern.imap.client.command.RefusedCapabilities;

/** The package table: who may import whom. Change it together with the code, and say why. */
@AnalyzeClasses(
        packages = "postern",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ArchitectureTest {

    /** What IMAP is, in our own types. */
    private static final List<String> IMAP = List.of("imap", "imap.message");

    private static final List<String> MIME =
            List.of(
                    "mime",
                    "mime.calendar",
                    "mime.charset",
                    "mime.compose",
                    "mime.encoding",
                    "mime.header",
                    "mime.html",
                    "mime.text");

    /** What every endpoint may use. */
    private static final List<String> WEB =
            List.of(
                    "web",
                    "web.contract",
                    "web.id",
                    "web.idempotency",
                    "web.limit",
                    "web.link",
                    "web.log",
                    "web.problem",
                    "web.transfer");

    /** What is known of a message wherever one is shown, found or changed. */
    private static final List<String> MESSAGE_DATA =
            List.of("message.part", "message.metadata", "message.change");

    /**
     * Each package with what it may import of ours. A feature is imported by another one only where
     * it says so here; nobody imports the IMAP client or the pool.
     */
    private static final Map<String, List<String>> IMPORTS =
            Map.ofEntries(
                    allows("cache"),
                    allows("deadline"),
                    allows("digest"),
                    allows("octets"),
                    allows("wordlist"),
                    allows("shared"),
                    allows("trace"),
                    allows("account", List.of("digest", "shared")),
                    allows("imap.message"),
                    allows("imap", List.of("account", "shared", "imap.message", "wordlist")),
                    allows("proxy"),
                    allows("provider", List.of("account", "egress", "proxy")),
                    allows("egress"),
                    // what composes and what sends agree on it
                    allows("identity", List.of("account", "provider", "mime.header")),
                    allows(
                            "oauth",
                            IMAP,
                            List.of("account", "provider", "egress", "shared", "smtp", "trace")),
                    allows(
                            "login",
                            List.of("account", "digest", "imap", "provider", "shared", "smtp")),
                    allows(
                            "discovery",
                            WEB,
                            List.of("account", "cache", "provider", "egress", "oauth")),
                    allows(
                            "imap.pool",
                            IMAP,
                            List.of("account", "cache", "provider", "shared", "trace")),
                    allows("imap.watch", IMAP, List.of("account", "provider", "shared")),
                    allows("imap.client.wire", IMAP),
                    allows("imap.client.command", IMAP, List.of("account", "imap.client.wire")),
                    allows(
                            "imap.client",
                            IMAP,
                            List.of(
                                    "account",
                                    "deadline",
                                    "trace",
                                    "imap.client.wire",
                                    "imap.client.command")),
                    allows(
                            "imap.client.connect",
                            IMAP,
                            List.of(
                                    "account",
                                    "deadline",
                                    "provider",
                                    "proxy",
                                    "trace",
                                    "imap.client",
                                    "imap.client.wire",
                                    "imap.client.command")),
                    allows("operator", List.of("account", "imap", "provider", "shared")),
                    allows("smtp", List.of("account", "provider")),
                    allows(
                            "smtp.client",
                            List.of(
                                    "account",
                                    "deadline",
                                    "octets",
                                    "provider",
                                    "proxy",
                                    "smtp",
                                    "trace")),
                    allows("smtp.pool", List.of("account", "smtp")),
                    allows("mime.encoding"),
                    allows("mime.charset", List.of("mime.encoding")),
                    allows("mime.header", List.of("mime.charset", "mime.encoding", "wordlist")),
                    allows("mime.text", List.of("mime.charset", "wordlist")),
                    allows("mime.html", List.of("mime.text")),
                    allows("mime.calendar", List.of("mime.text", "wordlist")),
                    allows("mime.compose", List.of("mime.header", "mime.html")),
                    allows("mime", List.of("mime.encoding", "mime.header", "mime.text")),
                    allows("web.problem", List.of("imap")),
                    allows("web.transfer", List.of("web.problem")),
                    allows("web.id", IMAP, List.of("account", "web.problem")),
                    allows(
                            "web",
                            List.of(
                                    "account",
                                    "digest",
                                    "provider",
                                    "imap",
                                    "shared",
                                    "web.id",
                                    "web.problem",
                                    "web.transfer")),
                    allows(
                            "web.idempotency",
                            List.of(
                                    "account",
                                    "cache",
                                    "digest",
                                    "imap",
                                    "shared",
                                    "web",
                                    "web.problem")),
                    allows("web.log", List.of("account", "web", "web.limit", "web.problem")),
                    allows("web.trace", List.of("account", "oauth", "provider", "trace")),
                    allows("web.inbox", List.of("web.problem")),
                    allows("web.page", List.of("web", "web.inbox", "web.problem")),
                    allows("web.link", IMAP, List.of("account", "web", "web.id", "web.problem")),
                    allows("web.coding", List.of("web")),
                    allows("web.connector"),
                    allows("web.body", List.of("account", "login", "web", "web.problem")),
                    allows(
                            "web.limit",
                            List.of("account", "digest", "login", "web", "web.problem")),
                    allows("web.browser", List.of("web.idempotency", "web.link", "web.problem")),
                    allows(
                            "web.contract",
                            List.of("account", "web", "web.idempotency", "web.problem")),
                    allows(
                            "mailbox.directory",
                            IMAP,
                            List.of("account", "cache", "web.id", "web.problem")),
                    allows(
                            "session",
                            IMAP,
                            WEB,
                            // it tries what is for sending alone, and ends subscriptions
                            List.of(
                                    "account",
                                    "provider",
                                    "identity",
                                    "oauth",
                                    "mailbox.directory",
                                    "submission",
                                    "subscription")),
                    allows("mailbox", IMAP, WEB, List.of("account", "mailbox.directory")),
                    allows("message.part", IMAP, MIME, List.of("account")),
                    allows(
                            "message.metadata",
                            IMAP,
                            MIME,
                            List.of(
                                    "account",
                                    "cache",
                                    "message.part",
                                    "web.id",
                                    "web.problem",
                                    "wordlist")),
                    allows(
                            "message.change",
                            IMAP,
                            WEB,
                            List.of(
                                    "account",
                                    "digest",
                                    "mailbox.directory",
                                    "message.part",
                                    "message.metadata")),
                    allows(
                            "message",
                            IMAP,
                            WEB,
                            MIME,
                            MESSAGE_DATA,
                            List.of(
                                    "account",
                                    "cache",
                                    "digest",
                                    "mailbox.directory",
                                    "message.sync")),
                    allows(
                            "message.sync",
                            IMAP,
                            List.of("account", "digest", "shared", "web.id", "web.problem")),
                    allows(
                            "changes",
                            IMAP,
                            WEB,
                            MESSAGE_DATA,
                            List.of("account", "imap.watch", "mailbox.directory", "message.sync")),
                    // it tells what a list of changes tells
                    allows(
                            "events",
                            IMAP,
                            WEB,
                            MESSAGE_DATA,
                            List.of(
                                    "account",
                                    "changes",
                                    "deadline",
                                    "digest",
                                    "imap.watch",
                                    "mailbox.directory",
                                    "message.sync",
                                    "shared")),
                    allows("webhook", List.of("egress")),
                    // it tells what a list of changes tells, of messages that a search would find
                    allows(
                            "subscription",
                            IMAP,
                            WEB,
                            MESSAGE_DATA,
                            List.of(
                                    "account",
                                    "changes",
                                    "digest",
                                    "imap.watch",
                                    "mailbox.directory",
                                    "message.sync",
                                    "oauth",
                                    "search",
                                    "shared",
                                    "webhook")),
                    allows(
                            "attachment",
                            IMAP,
                            WEB,
                            MIME,
                            MESSAGE_DATA,
                            List.of("account", "cache", "digest")),
                    // it reads texts of what it finds
                    allows(
                            "search",
                            IMAP,
                            WEB,
                            MESSAGE_DATA,
                            List.of(
                                    "account",
                                    "digest",
                                    "imap.watch",
                                    "mailbox.directory",
                                    "message")),
                    allows(
                            "thread",
                            IMAP,
                            WEB,
                            MESSAGE_DATA,
                            // it names a thread without the prefixes that replies know
                            List.of(
                                    "account",
                                    "cache",
                                    "digest",
                                    "mailbox.directory",
                                    "mime.header")),
                    // it changes what a filter finds
                    allows(
                            "batch",
                            IMAP,
                            WEB,
                            MESSAGE_DATA,
                            List.of("account", "mailbox.directory", "search")),
                    // it reads what is answered or passed on, and forms with files
                    allows(
                            "compose",
                            IMAP,
                            WEB,
                            MIME,
                            MESSAGE_DATA,
                            List.of(
                                    "account",
                                    "identity",
                                    "mailbox.directory",
                                    "message",
                                    "octets",
                                    "web.body")),
                    // it sends what is composed, and leaves mailing lists by their web servers
                    allows(
                            "submission",
                            IMAP,
                            WEB,
                            MIME,
                            MESSAGE_DATA,
                            List.of(
                                    "account",
                                    "compose",
                                    "egress",
                                    "identity",
                                    "mailbox.directory",
                                    "octets",
                                    "provider",
                                    "shared",
                                    "smtp",
                                    "trace")),
                    // it streams messages as downloads do
                    allows(
                            "export",
                            IMAP,
                            WEB,
                            MIME,
                            MESSAGE_DATA,
                            List.of("account", "mailbox.directory", "attachment", "trace")));

    @SafeVarargs
    private static Map.Entry<String, List<String>> allows(String name, List<String>... groups) {
        return Map.entry(name, Stream.of(groups).flatMap(List::stream).toList());
    }

    @ArchTest
    static void importsOnlyWhatTheTableAllows(JavaClasses classes) {
        IMPORTS.forEach((name, allowed) -> {
            var permitted = allowed.stream().map(ArchitectureTest::packageOf).toList();
            classes()
                    .that()
                    .resideInAPackage(packageOf(name))
                    .should()
                    .onlyDependOnClassesThat(
                            not(resideInAPackage("postern.."))
                                    .or(resideInAPackage(packageOf(name)))
                                    .or(resideInAnyPackage(permitted.toArray(String[]::new))))
                    .check(classes);
        });
    }

    @ArchTest
    static void hasNoPackageBesidesTheTable(JavaClasses classes) {
        var packages = new TreeSet<String>();
        classes.forEach(type -> packages.add(type.getPackageName()));
        packages.remove("postern");

        assertThat(IMPORTS.keySet().stream().map(ArchitectureTest::packageOf))
                .containsAll(packages);
    }

    @ArchTest
    static void knowsAngusInOnePlace(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("postern.imap.client.connect")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.angus..")
                .check(classes);
        // Jakarta Mail's own classes also read headers and take off encodings.
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "postern.imap.client.connect", "postern.imap.client.wire", "postern.mime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.mail..")
                .check(classes);
    }

    @ArchTest
    static void knowsHttpInWebAndTheFeaturesAlone(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "postern.account", "postern.mime..", "postern.imap..", "postern.smtp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.servlet..",
                        "org.springframework.http..",
                        "org.springframework.web..")
                .check(classes);
    }

    /** What RefusedCapabilities remembers is small, and is no copy of anything. */
    @ArchTest
    static void measuresAllCaches(JavaClasses classes) {
        var holders =
                classes.stream()
                        .filter(type ->
                                type.getFields().stream()
                                        .anyMatch(field ->
                                                field.getRawType().isAssignableTo(Cache.class)))
                        .filter(type -> !type.isAssignableTo(RefusedCapabilities.class));

        assertThat(holders).isNotEmpty().allMatch(type -> type.isAssignableTo(MeasuredCache.class));
    }

    @ArchTest
    static void hasNoCycles(JavaClasses classes) {
        slices().matching("postern.(**)").should().beFreeOfCycles().check(classes);
    }

    @ArchTest
    static void saysOfEveryPackageThatNothingIsNull(JavaClasses classes) {
        assertThat(
                        classes.stream()
                                .map(JavaClass::getPackage)
                                .distinct()
                                .filter(type -> !type.isAnnotatedWith(NullMarked.class)))
                .isEmpty();
    }

    @ArchTest
    static void hasNoNounsThatSayNothing(JavaClasses classes) {
        for (var ending : Arrays.asList("Impl", "Manager", "Utils", "Util", "Helper", "Dto")) {
            noClasses().should().haveSimpleNameEndingWith(ending).check(classes);
        }
    }

    private static String packageOf(String name) {
        return "postern." + name;
    }
}
