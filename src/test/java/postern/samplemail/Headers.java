package postern.samplemail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The header fields of one sample message, in the order in which a mail server leaves them. */
record Headers(Conversations conversations, int index, Instant sentAt, SampleKind kind) {
    private static final List<ZoneId> ZONES =
            Stream.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo")
                    .map(ZoneId::of)
                    .toList();

    private static final List<String> BAD_ADDRESSES =
            List.of(
                    "Some Body <not an address>",
                    "<@example.org>",
                    "Sales Team <sales@@example..com>",
                    "=?utf-8?Q?broken <x@y",
                    "MAILER-DAEMON",
                    "user name with spaces@example.org",
                    "\"unclosed <quote@example.org>");

    byte[] around(Bodies.Body body) {
        var letter = new MessageBuilder();
        received(letter);
        if (kind != SampleKind.NO_DATE) {
            letter.sentAt(sentAt, dice("zone").pick(ZONES));
        }
        addresses(letter);
        letter.field("Subject", subject()).messageId(conversations.messageId(index));
        threading(letter);
        extras(letter);
        return kind == SampleKind.NO_MIME
                ? letter.withoutMime(body.entity().body())
                : letter.with(body.entity());
    }

    private void received(MessageBuilder letter) {
        var dice = dice("received");
        int hops = dice.between(1, 4);
        for (int hop = 0; hop < hops; hop++) {
            letter.field(
                    "Received",
                    "from mx%d.example.net (mx%d.example.net [192.0.2.%d])\r\n\tby mx.example.org"
                                    .formatted(hop, hop, dice.between(1, 254))
                            + " with ESMTPS id %08x;\r\n\t".formatted(dice.between(0, 1 << 30))
                            + MessageBuilder.date(
                                    sentAt.plusSeconds(hops - hop), ZONES.getFirst()));
        }
    }

    private void addresses(MessageBuilder letter) {
        switch (kind) {
            case BAD_ADDRESS ->
                    letter.field("From", dice("address").pick(BAD_ADDRESSES)).to(Person.OWNER);
            case GROUP_ADDRESS ->
                    letter.from(conversations.author(index))
                            .field("To", "undisclosed-recipients:;")
                            .field(
                                    "Cc",
                                    "Friends: a@example.org, B <b@example.org>;, c@example.org");
            default -> letter.from(conversations.author(index)).to(recipients());
        }
    }

    private Person[] recipients() {
        var dice = dice("recipients");
        int others = dice.pick(List.of(0, 0, 0, 1, 2, 7));
        var language = conversations.language(index);
        return Stream.concat(
                        Stream.of(Person.OWNER),
                        Stream.generate(() -> language.person(dice)).limit(others))
                .toArray(Person[]::new);
    }

    private String subject() {
        var subject = conversations.subject(index);
        var dice = dice("subject encoding");
        return switch (kind) {
            case RAW_EIGHT_BIT_HEADER -> subject + " – ungeschützt, señor";
            case SPLIT_ENCODED_WORD -> EncodedWords.splittingCharacters(subject + " – żółć, 会議");
            case LONG_HEADERS ->
                    folded(IntStream.range(0, 60).mapToObj(_ -> "a very long subject"));
            default -> EncodedWords.of(subject, charset(dice), dice.happens(0.5));
        };
    }

    private Charset charset(SeededRandom dice) {
        return dice.happens(0.7) ? UTF_8 : conversations.language(index).legacyCharset();
    }

    private void threading(MessageBuilder letter) {
        if (kind == SampleKind.LONG_HEADERS) {
            letter.field(
                    "References",
                    folded(
                            IntStream.range(0, 150)
                                    .mapToObj(i -> "<r%d@example.org>".formatted(i))));
        } else if (conversations.isAnswer(index)) {
            var ancestors = conversations.ancestors(index);
            letter.answering(ancestors.stream().map(conversations::messageId).toList());
        }
    }

    private void extras(MessageBuilder letter) {
        var dice = dice("extras");
        if (dice.happens(0.25)) {
            letter.field("List-Id", "Developers <dev.lists.example.org>");
            letter.field(
                    "List-Unsubscribe", "<https://lists.example.org/leave/%d>".formatted(index));
        }
        if (dice.happens(0.1)) {
            letter.field("X-Priority", "1 (Highest)");
        }
    }

    private SeededRandom dice(String purpose) {
        return SeededRandom.of(conversations.seed(), index, purpose);
    }

    private static String folded(Stream<String> words) {
        return words.collect(Collectors.joining("\r\n "));
    }
}
