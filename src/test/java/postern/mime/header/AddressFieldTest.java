package postern.mime.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Address fields as real mail has them. */
class AddressFieldTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                // RFC 5322, appendix A
                "John Doe <jdoe@machine.example> | John Doe <jdoe@machine.example>",
                "~\"Joe Q. Public\" <john.q.public@example.com>~ | Joe Q. Public"
                        + " <john.q.public@example.com>",
                "~Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>~ | Mary Smith"
                        + " <mary@x.test>; <jdoe@example.org>; Who? <one@y.test>",
                "~<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>~ |"
                        + " <boss@nil.test>; Giant; \"Big\" Box <sysservices@example.net>",
                "~A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;~ | Ed Jones"
                        + " <c@a.test>; <joe@where.test>; John <jdoe@one.test>",
                "Undisclosed recipients:; | -",
                "~Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>~ | Pete"
                        + " <pete@silly.test>",
                "~A Group(Some people)\r\n"
                        + " :Chris Jones <c@(Chris's host.)public.example>,\r\n"
                        + " joe@example.org,\r\n"
                        + " John <jdoe@one.test> (my dear friend); (the end of the group)~ | Chris"
                        + " Jones <c@public.example>; <joe@example.org>; John <jdoe@one.test>",
                "~(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;~ | -",
                "~Joe Q. Public <john.q.public@example.com>~ | Joe Q. Public"
                        + " <john.q.public@example.com>",
                "~Mary Smith <@node.test,@b.test:mary@example.net>, , jdoe@test  . example~ | Mary"
                        + " Smith <mary@example.net>; <jdoe@test.example>",
                "~John Doe <jdoe@machine(comment).  example>~ | John Doe <jdoe@machine.example>",
                // @ and dots in names without quotation marks
                "ann@example.org <ann@example.org> | ann@example.org <ann@example.org>",
                "~bob@example.org <bob@example.org>, cy@example.org~ | bob@example.org"
                        + " <bob@example.org>; <cy@example.org>",
                "Ann @ Example <ann@example.org> | Ann @ Example <ann@example.org>",
                "Dr. A. Example Jr. <a@example.org> | Dr. A. Example Jr. <a@example.org>",
                "Mr. bob@example.org | Mr. <bob@example.org>",
                // encoded words
                "~=?utf-8?Q?M=C3=BCller,_Ann?= <ann@example.org>~ | Müller, Ann <ann@example.org>",
                "~=?utf-8?Q?M=C3=BCller,_Bob?= <bob@example.org>, cy@example.org~ | Müller, Bob"
                        + " <bob@example.org>; <cy@example.org>",
                "~=?utf-8?Q?a;b:c<d>(e)\"f@g?= <ann@example.org>~ | a;b:c<d>(e)\"f@g"
                        + " <ann@example.org>",
                "~=?utf-8?Q?Müller, Ann?= <ann@example.org>~ | Müller, Ann <ann@example.org>",
                "~\"=?utf-8?B?TcO8bGxlcg==?=\" <ann@example.org>~ | Müller <ann@example.org>",
                "=?utf-8?B?TcM=?= =?utf-8?B?vGxsZXI=?= <ann@example.org> | Müller"
                        + " <ann@example.org>",
                "=?utf-8?B?TcO8bGxlcg==?=<ann@example.org> | Müller <ann@example.org>",
                "=?utf-8?B?QW5uIDxhbm5AZXhhbXBsZS5vcmc+?= | Ann <ann@example.org>",
                "=?utf-8?Q?ann=40example.org?= | <ann@example.org>",
                "=?utf-8?Q?Ann?= | Ann <>",
                "~=?utf-8?Q?Ann <ann@example.org>, bob@example.org~ | Ann <ann@example.org>;"
                        + " <bob@example.org>",
                "=?utf-8?q?boss?=@example.org | <=?utf-8?q?boss?=@example.org>",
                "root (=?utf-8?Q?M=C3=BCller?=) | Müller <root>",
                // between the addresses
                "~bob@example.org; cy@example.org; dan@example.org~ | <bob@example.org>;"
                        + " <cy@example.org>; <dan@example.org>",
                "~Doe, Ann <ann@example.org>; Roe, Bob <bob@example.org>;~ | Doe, Ann"
                        + " <ann@example.org>; Roe, Bob <bob@example.org>",
                "~, ,bob@example.org,, cy@example.org,~ | <bob@example.org>; <cy@example.org>",
                "bob@example.org cy@example.org | <bob@example.org>; <cy@example.org>",
                "Bob <bob@example.org> Cy <cy@example.org> | Bob <bob@example.org>; Cy"
                        + " <cy@example.org>",
                "~Bob <bob@example.org>\r\n"
                        + "\tcy@example.org~ | Bob <bob@example.org>; <cy@example.org>",
                "~<bob@example.org, cy@example.org>~ | <bob@example.org>; <cy@example.org>",
                "~Team: ann@example.org, Bob <bob@example.org>; cy@example.org~ |"
                        + " <ann@example.org>; Bob <bob@example.org>; <cy@example.org>",
                "~a:;b:;c: <c@example.org>;, d@example.org~ | <c@example.org>; <d@example.org>",
                "~friends: ann@example.org, bob@example.org~ | <ann@example.org>;"
                        + " <bob@example.org>",
                "~Ann: Sales <ann@example.org>~ | Ann: Sales <ann@example.org>",
                // no addresses
                "undisclosed-recipients:; | -",
                "~\"Undisclosed Recipients\" <>~ | -",
                "Undisclosed recipients: | -",
                "undisclosed-recipients | -",
                "<> | -",
                "~ ~ | -",
                "~,;:,\"\"<>()~ | -",
                // names without addresses, addresses without domains
                "~\"Jane Doe\"~ | Jane Doe <>",
                "Mail Delivery <> | Mail Delivery <>",
                "~\"Cron Daemon\" <root>~ | Cron Daemon <root>",
                "~ann, bob@example.org~ | <ann>; <bob@example.org>",
                "root (System) | System <root>",
                "MAILER-DAEMON (Mail Delivery System) | Mail Delivery System <MAILER-DAEMON>",
                "Ann <ann@> | Ann <ann>",
                "<@example.org> | -",
                "Ann <ann@example..org> | Ann <ann@example..org> <>",
                "Ann <Example ann@example.org> | Ann <Exampleann@example.org> <>",
                "<a@b@example.org> | a@b@example.org <>",
                // placeholders of servers that other clients copied
                "~\"Cron Daemon\" <root@MISSING_DOMAIN>~ | Cron Daemon <root>",
                "Jane <MISSING_MAILBOX@MISSING_DOMAIN> | Jane <>",
                "MISSING_MAILBOX@MISSING_DOMAIN | -",
                "~ann@unspecified-domain, bob@.MISSING-HOST-NAME., cy@SYNTAX_ERROR~ | <ann>; <bob>;"
                        + " <cy>",
                "INVALID_ADDRESS@.SYNTAX-ERROR. | -",
                // local parts
                "Ann <ann.@example.org> | Ann <\"ann.\"@example.org>",
                "a..b@example.org | <\"a..b\"@example.org>",
                "~\"ann lee\"@example.org~ | <\"ann lee\"@example.org>",
                "~<\"ann.lee\"@example.org>~ | <ann.lee@example.org>",
                "~<\"a\\\"b\"@example.org>~ | <\"a\\\"b\"@example.org>",
                "~<\"a>b,c\"@example.org>~ | <\"a>b,c\"@example.org>",
                "~<\"a@b\"@example.org>~ | <\"a@b\"@example.org>",
                "ann+shop@example.org | <ann+shop@example.org>",
                // domains
                "info@müller.example | <info@müller.example>",
                "ann@xn--mller-kva.example | <ann@xn--mller-kva.example>",
                "ann@example.org. | <ann@example.org>",
                "ann@[127.0.0.1] | <ann@[127.0.0.1]>",
                "ann@[IPv6:::1] | <ann@[IPv6:::1]>",
                "ann@localhost | <ann@localhost>",
                // brackets, quotes and comments that never close, or close twice
                "Ann <ann@example.org | Ann <ann@example.org>",
                "~Ann <ann@example.org, Bob <bob@example.org>~ | Ann <ann@example.org>; Bob"
                        + " <bob@example.org>",
                "Ann <<ann@example.org>> | Ann <ann@example.org>",
                "Ann <Sales> <ann@example.org> | Ann Sales <ann@example.org>",
                "Ann < ann@example.org > | Ann <ann@example.org>",
                "~\"Ann <ann@example.org>~ | Ann <ann@example.org>",
                "~Ann\" <ann@example.org>, Bob <bob@example.org>~ | Ann <ann@example.org>; Bob"
                        + " <bob@example.org>",
                "~\"Ann <ann@example.org>, \"Bob\" <bob@example.org>~ | Ann <ann@example.org>; Bob"
                        + " <bob@example.org>",
                "~Ann (Sales <ann@example.org>, bob@example.org~ | Ann (Sales <ann@example.org>;"
                        + " <bob@example.org>",
                "Ann) <ann@example.org> | Ann) <ann@example.org>",
                // common deviations
                "'bob@example.org' | <bob@example.org>",
                "~\"bob@example.org\"~ | <bob@example.org>",
                "~Bob <\"bob@example.org\">~ | Bob <bob@example.org>",
                "'Ann' <'ann@example.org'> | 'Ann' <ann@example.org>",
                "Ann <mailto:ann@example.org> | Ann <ann@example.org>",
                "mailto:ann@example.org | <ann@example.org>",
                "<ann@example.org> Ann Example | Ann Example <ann@example.org>",
                "ann@example.org (Ann Example) | Ann Example <ann@example.org>",
                "(Ann Example) ann@example.org | Ann Example <ann@example.org>",
                "Ann Example (JIRA) <ann@example.org> | Ann Example <ann@example.org>",
                "ann @ example.org | <ann@example.org>",
                "Ann \\(Sales\\) <ann@example.org> | Ann \\(Sales\\) <ann@example.org>",
                "Ann<ann@example.org> | Ann <ann@example.org>",
            })
    void areReadAsTheyAreMeant(String field, String addresses) {
        assertThat(said(AddressField.recipients(field.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(addresses == null ? "" : addresses);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~Doe, Ann <ann@example.org>~ | Doe, Ann <ann@example.org>",
                "~Doe, Ann <ann@example.org>, Roe, Bob <bob@example.org>~ | Doe, Ann"
                        + " <ann@example.org>; Roe, Bob <bob@example.org>",
                "~ann@example.org, Bob <bob@example.org>~ | <ann@example.org>; Bob"
                        + " <bob@example.org>",
                "~root, ann@example.org~ | <root>; <ann@example.org>",
                "~Doe, Ann~ | <Doe>; <Ann>",
                "~=?utf-8?Q?M=C3=BCller,_Ann?= <ann@example.org>~ | Müller, Ann <ann@example.org>",
            })
    void anAuthorsNameMayHoldAComma(String field, String addresses) {
        assertThat(said(AddressField.authors(field.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(addresses);
    }

    @Test
    void rawOctetsAreReadInTheLikeliestCharset() {
        assertThat(said(read("René <info@müller.example>", StandardCharsets.ISO_8859_1)))
                .isEqualTo("René <info@müller.example>");
        assertThat(said(read("日本, 太郎 <taro@example.org>", Charset.forName("ISO-2022-JP"))))
                .isEqualTo("<日本>; 太郎 <taro@example.org>");
        assertThat(said(read("\"山田、\" <taro@example.org>", Charset.forName("ISO-2022-JP"))))
                .isEqualTo("山田、 <taro@example.org>");
    }

    private static List<HeaderAddress> read(String field, Charset charset) {
        return AddressField.recipients(field.getBytes(charset));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:;",
                "a@b.c,",
                "<",
                "\"",
                "(",
                "(\\",
                ">",
                "=?utf-8?Q?",
                "=?=?",
                "\"<",
                "<\"",
                "<\"\\\"",
                "a <b> ",
                "a@",
                "a@b ",
                "\u001b$",
                "<a@b",
                "<,",
                "a b,",
                "@:",
                "[@[",
                "'",
                "\"a\" ",
                "(a)",
                "a@b (c) ",
                "=?utf-8?Q?a@b?= ",
                "ü@ü",
                "a<@b:",
                "a@b:c:",
                "a :",
            })
    void takeTimeInProportionToTheirLength(String piece) {
        var octets = piece.repeat(300_000 / piece.length()).getBytes(StandardCharsets.UTF_8);

        assertTimeout(
                Duration.ofSeconds(10),
                () ->
                        assertThat(AddressField.recipients(octets))
                                .hasSizeLessThanOrEqualTo(AddressField.MOST + 1));
    }

    /** Everything shown as an address can be written to; a single word is not an address. */
    @Test
    void whatIsShownAsAnAddressCanBeUsed() {
        var random = new Random(11);
        var pieces =
                List.of(
                        "ann",
                        "@",
                        "example.org",
                        "<",
                        ">",
                        "\"",
                        ",",
                        ";",
                        ":",
                        "(",
                        ")",
                        " ",
                        ".",
                        "\\",
                        "=?utf-8?Q?a,b?=",
                        "ü",
                        "\r\n ",
                        "'",
                        "[",
                        "]",
                        "MISSING_DOMAIN",
                        "-",
                        "\u0000",
                        "\u007f",
                        "\ud83d\ude00",
                        "a b");
        for (int i = 0; i < 20_000; i++) {
            var field =
                    random.ints(random.nextInt(14), 0, pieces.size())
                            .mapToObj(pieces::get)
                            .collect(Collectors.joining());
            for (var address : AddressField.recipients(field.getBytes(StandardCharsets.UTF_8))) {
                assertUsable(field, address);
            }
        }
    }

    private static void assertUsable(String field, HeaderAddress address) {
        var email = address.email();
        assertThat(email)
                .as(field)
                .doesNotEndWith("@MISSING_DOMAIN")
                .isNotEqualTo("MISSING_DOMAIN");
        int at = email.lastIndexOf('@');
        if (at >= 0) {
            var taken = MailAddress.of(null, email);
            var again = AddressField.recipients(taken.email().getBytes(StandardCharsets.UTF_8));
            assertThat(again).as(field).hasSize(1);
            assertThat(again.getFirst().email()).as(field).isEqualTo(taken.email());
        }
    }

    private static String said(List<HeaderAddress> addresses) {
        return addresses.stream()
                .map(a -> (a.name() == null ? "" : a.name() + " ") + "<" + a.email() + ">")
                .collect(Collectors.joining("; "));
    }
}
