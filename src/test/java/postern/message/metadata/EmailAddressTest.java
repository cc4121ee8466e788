package postern.message.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.message.Address;
import postern.imap.message.RawText;

class EmailAddressTest {

    @Test
    void decodesNames() {
        assertThat(list(address("=?utf-8?q?Ren=C3=A9?=", "rene", "example.org")))
                .containsExactly(new EmailAddress("Ren\u00e9", "rene@example.org"));
    }

    @Test
    void groupsAreTheirMembers() {
        assertThat(
                        list(
                                address(null, "friends", null),
                                address(null, "ada", "example.org"),
                                address(null, null, null),
                                address(null, "bob", "example.org")))
                .extracting(EmailAddress::email)
                .containsExactly("ada@example.org", "bob@example.org");
    }

    @Test
    void undisclosedRecipientsAreNobody() {
        assertThat(list(address(null, "undisclosed-recipients", null), address(null, null, null)))
                .isEmpty();
    }

    @Test
    void aNameWithoutAHostIsNotLost() {
        assertThat(list(address("", "root", null))).containsExactly(new EmailAddress(null, "root"));
    }

    @Test
    void anEncodedWordInTheAddressItselfIsLeftAlone() {
        assertThat(list(address(null, "=?utf-8?q?boss?=", "example.org")))
                .extracting(EmailAddress::email)
                .containsExactly("=?utf-8?q?boss?=@example.org");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "Cron Daemon, root,            MISSING_DOMAIN,      Cron Daemon, root",
                "Jane Doe,    MISSING_MAILBOX, MISSING_DOMAIN,      Jane Doe,    ~~",
                "-,           ann,             unspecified-domain,  -,           ann",
                "-,           ann,             .MISSING-HOST-NAME., -,           ann",
                "-,           ann,             SYNTAX_ERROR,        -,           ann",
                "-,           ann,             UNKNOWN_DOMAIN,      -,           ann",
                "Ann,         INVALID_ADDRESS, .SYNTAX-ERROR.,      Ann,         ~~",
                "-,           ann lee,         example.org,         -, ~\"ann lee\"@example.org~",
                "-,           ~\"ann lee\"~,   example.org,         -, ~\"ann lee\"@example.org~",
                "-,           ann.,            example.org,         -, ~\"ann.\"@example.org~",
            })
    void whatTheServerMadeUpIsNoAddress(
            @Nullable String name,
            String mailbox,
            String host,
            @Nullable String shownName,
            String shownEmail) {
        assertThat(list(address(name, mailbox, host)))
                .containsExactly(new EmailAddress(shownName, shownEmail));
    }

    @Test
    void nobodyIsMadeOfNothing() {
        assertThat(
                        list(
                                address(null, "MISSING_MAILBOX", "MISSING_DOMAIN"),
                                address(
                                        "Undisclosed Recipients",
                                        "MISSING_MAILBOX",
                                        "MISSING_DOMAIN"),
                                address("Undisclosed recipients", "", "")))
                .isEmpty();
    }

    @Test
    @Timeout(10)
    void takesGroupsInProportionToTheirNumber() {
        var groups = new ArrayList<Address>();
        for (int i = 0; i < 500_000; i++) {
            groups.add(address(null, "g", null));
            groups.add(address(null, null, null));
        }

        assertThat(EmailAddress.ofEnvelope(groups)).isEmpty();
    }

    private static List<EmailAddress> list(Address... addresses) {
        return EmailAddress.ofEnvelope(List.of(addresses));
    }

    private static Address address(
            @Nullable String name, @Nullable String mailbox, @Nullable String host) {
        return new Address(raw(name), raw(mailbox), raw(host));
    }

    private static @Nullable RawText raw(@Nullable String text) {
        return text == null ? null : RawText.of(text);
    }
}
