package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.imap.Address;
import postern.imap.RawText;

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

    private static List<EmailAddress> list(Address... addresses) {
        return EmailAddress.listOf(List.of(addresses));
    }

    private static Address address(
            @Nullable String name, @Nullable String mailbox, @Nullable String host) {
        return new Address(raw(name), raw(mailbox), raw(host));
    }

    private static @Nullable RawText raw(@Nullable String text) {
        return text == null ? null : RawText.of(text);
    }
}
