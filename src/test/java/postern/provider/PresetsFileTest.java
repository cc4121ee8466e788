package postern.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.io.ByteArrayResource;
import postern.account.Security;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;

class PresetsFileTest {

    private static final Map<String, Provider> PRESETS = PresetsFile.read(PresetsFile.OURS);

    private static final String WHOLE =
            """
            presets:
              house:
                title: House
                domains: [house.example]
                imap: {host: imap.house.example, port: 993, security: tls}
                sign-in: [password]
            """;

    @Test
    void ourFileHasTheProvidersThatWereAskedFor() {
        assertThat(PRESETS)
                .containsKeys("gmail", "microsoft365", "outlook", "yahoo", "aol", "icloud")
                .containsKeys("fastmail", "gmx", "webde", "zoho", "yandex", "mailru")
                .containsKeys("netease-163", "netease-126", "qq", "proton-bridge", "posteo")
                .containsKey("mailbox-org");
    }

    @Test
    void everyPresetOnTheInternetIsReachedWithTlsOnly() {
        assertThat(PRESETS.values())
                .filteredOn(preset -> !preset.local())
                .allSatisfy(preset -> {
                    assertThat(preset.imap().security()).isEqualTo(Security.TLS);
                    assertThat(preset.imap().port()).isEqualTo(993);
                    assertThat(preset.smtp()).isNotNull();
                    assertThat(preset.smtp().security()).isNotEqualTo(Security.NONE);
                });
    }

    @Test
    void noDomainIsClaimedTwice() {
        var seen = new HashSet<String>();

        assertThat(PRESETS.values())
                .allSatisfy(preset ->
                        assertThat(preset.domains())
                                .allSatisfy(it -> assertThat(seen.add(it)).isTrue()));
    }

    @Test
    void everySpecialMailboxIsRecognisedByItsName() {
        var named =
                PRESETS.values().stream()
                        .flatMap(preset -> preset.specialMailboxes().entrySet().stream());

        assertThat(named)
                .isNotEmpty()
                .allSatisfy(entry -> {
                    var role = MailboxRole.valueOf(entry.getKey().toUpperCase(Locale.ROOT));
                    var mailbox = mailbox(entry.getValue());
                    assertThat(MailboxRoles.of(List.of(mailbox)).role(mailbox.name()))
                            .contains(role);
                });
    }

    @Test
    void aFileOfTheOperatorsHasTheSameForm() {
        var house = read(WHOLE).get("house");

        assertThat(house).isNotNull();
        assertThat(house.imap().host()).isEqualTo("imap.house.example");
        assertThat(house.username()).isEqualTo(UsernameForm.ADDRESS);
        assertThat(house.signIn()).containsExactly(SignIn.PASSWORD);
        assertThat(read("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: House | title: House`    titel: House | titel",
                "title: House | title: '' | title is missing",
                "port: 993 | port: 70000 | port 70000 is not between 1 and 65535",
                "security: tls | security: ssl | security",
                "sign-in: [password] | sign-in: [oauth] | oauth is missing",
                "sign-in: [password] | sign-in: [] | sign-in is missing",
                "house.example] | House.Example] | is not a domain in lower case",
                "sign-in: | unverified: [imaps]`    sign-in: | unverified names no field: imaps",
                "sign-in: | max-connections: 0`    sign-in: | max-connections is not > 0"
            })
    void whatIsNotKnownOrNotValidIsNamed(String part, String other, String complaint) {
        var bad = WHOLE.replace(part, other.replace("`", "\n"));

        assertThat(bad).isNotEqualTo(WHOLE);
        assertThatThrownBy(() -> read(bad))
                .isInstanceOf(BindException.class)
                .satisfies(failure -> assertThat(messages(failure)).contains(complaint));
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, it -> it != null, Throwable::getCause)
                .map(String::valueOf)
                .toList()
                .toString();
    }

    private static Map<String, Provider> read(String yaml) {
        return PresetsFile.read(new ByteArrayResource(yaml.getBytes(UTF_8), "a file"));
    }

    private static ListedMailbox mailbox(String name) {
        return new ListedMailbox(MailboxName.of(name), '/', Set.of(), true, null, null);
    }
}
