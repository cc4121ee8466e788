package postern.web.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A record that holds a secret says in its own words what it is: one never knows who logs it. */
class SecretsDoNotPrintTest {

    private static final Pattern SECRET =
            Pattern.compile(
                    "password|code|verifier|key|keys|appKeys|proxies|authorization"
                            + "|.*(Password|secret|Secret|Verifier)|.*[tT]oken");

    /** What is called so and is none. */
    private static final List<String> NONE =
            List.of(
                    "postern.search.SkippedMailbox.code",
                    "postern.web.problem.Problem.code",
                    "postern.web.body.BodyShares$Owner.key",
                    "postern.web.limit.RateLimits$Counted.key",
                    "postern.mailbox.directory.MailboxResolver$View.token", // its hash
                    "postern.web.idempotency.KeyedRequest.key", // no secret, an Idempotency-Key
                    "postern.shared.Spending.key", // a name in the store, as is the next one
                    "postern.shared.Holding.key",
                    "postern.compose.OwnAddresses.keys");

    @Test
    void recordsWithSecretsHideThem() {
        var holders = components().filter(SecretsDoNotPrintTest::isSecret).toList();

        assertThat(holders).hasSizeGreaterThan(15);
        assertThat(holders)
                .filteredOn(it -> hasGeneratedText(it.getDeclaringRecord()))
                .extracting(it -> it.getDeclaringRecord().getName() + "." + it.getName())
                .isSubsetOf(NONE);
    }

    /** The compiler generates a final one. */
    private static boolean hasGeneratedText(Class<?> type) {
        try {
            return Modifier.isFinal(type.getDeclaredMethod("toString").getModifiers());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has one", e);
        }
    }

    private static boolean isSecret(RecordComponent component) {
        var type = component.getType();
        return SECRET.matcher(component.getName()).matches()
                && (type == String.class
                        || type == byte[].class
                        || Collection.class.isAssignableFrom(type)
                        || Map.class.isAssignableFrom(type));
    }

    private static Stream<RecordComponent> components() {
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("postern")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .map(JavaClass::reflect)
                        .flatMap(type -> Arrays.stream(type.getRecordComponents()));
    }
}
