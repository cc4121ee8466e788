package postern;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** The package table: who may import whom. Change it together with the code, and say why. */
@AnalyzeClasses(
        packages = "postern",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ArchitectureTest {

    private static final List<String> FEATURE = List.of("web", "imap", "account");
    private static final List<String> READING_FEATURE = List.of("web", "imap", "account", "mime");
    private static final List<String> MESSAGE_FEATURE =
            List.of("web", "imap", "account", "message");

    /** What is a file of a message, and what it is called, reading tells. */
    private static final List<String> FILE_FEATURE =
            List.of("web", "imap", "account", "mime", "message");

    /** It streams as downloads do, and reads dates as lists do. */
    private static final List<String> ARCHIVE_FEATURE =
            List.of("web", "imap", "account", "mime", "message", "attachment");

    /**
     * Each package with what it may import of ours. Nobody imports a feature, imap.angus or
     * imap.pool.
     */
    private static final Map<String, List<String>> IMPORTS =
            Map.ofEntries(
                    Map.entry("account", List.of()),
                    Map.entry("mime", List.of()),
                    Map.entry("imap", List.of("account")),
                    Map.entry("imap.pool", List.of("imap", "account")),
                    Map.entry("imap.angus", List.of("imap", "account")),
                    Map.entry("web", List.of("imap", "account")),
                    Map.entry("session", FEATURE),
                    Map.entry("mailbox", FEATURE),
                    Map.entry("message", READING_FEATURE),
                    Map.entry("attachment", FILE_FEATURE),
                    Map.entry("export", ARCHIVE_FEATURE),
                    Map.entry("search", MESSAGE_FEATURE),
                    Map.entry("batch", List.of("web", "imap", "account", "message", "search")),
                    Map.entry("compose", FILE_FEATURE),
                    // mime: it names a thread without the prefixes that replies know
                    Map.entry("thread", List.of("web", "imap", "account", "mime", "message")));

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
                .resideOutsideOfPackages("postern.imap.angus", "postern.mime")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.angus..", "jakarta.mail..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("postern.mime")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.angus..")
                .check(classes);
    }

    @ArchTest
    static void knowsHttpInWebAndTheFeaturesAlone(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAnyPackage("postern.account", "postern.mime", "postern.imap..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.servlet..",
                        "org.springframework.http..",
                        "org.springframework.web..")
                .check(classes);
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
