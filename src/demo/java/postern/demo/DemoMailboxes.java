package postern.demo;

import static postern.demo.LetterFactory.READ;
import static postern.demo.LetterFactory.UNREAD;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import postern.samplemail.Entity;
import postern.samplemail.Person;
import postern.samplemail.SampleMail;

/** The content of the mailboxes: handwritten messages, and older generated ones. */
record DemoMailboxes(Instant now) {
    private static final Person MAYA = new Person("Maya Lindqvist", "maya@example.com");
    private static final Duration BEFORE_THE_LETTERS = Duration.ofDays(3);

    /** Messages by mailbox name with GreenMail's delimiter, a full stop; oldest first. */
    Map<String, List<DemoMessage>> byName() {
        var mailboxes = new LinkedHashMap<String, List<DemoMessage>>();
        mailboxes.put(
                "INBOX",
                oldestFirst(Stream.concat(letters(), generated(1, 280, Duration.ofHours(2)))));
        mailboxes.put("Drafts", oldestFirst(drafts()));
        mailboxes.put(
                "Sent", oldestFirst(Stream.concat(sent(), generated(2, 24, Duration.ofHours(13)))));
        mailboxes.put("Trash", oldestFirst(generated(3, 12, Duration.ofDays(1))));
        mailboxes.put("Junk", oldestFirst(junk()));
        mailboxes.put("Archive", oldestFirst(generated(4, 60, Duration.ofDays(3))));
        mailboxes.put("Projekte", List.of());
        mailboxes.put(
                "Projekte.2026 & \"Q1\"", oldestFirst(generated(5, 20, Duration.ofHours(30))));
        mailboxes.put("Familie und Freunde", oldestFirst(generated(6, 15, Duration.ofDays(2))));
        mailboxes.put("旅行", oldestFirst(generated(7, 6, Duration.ofDays(9))));
        return mailboxes;
    }

    private Stream<DemoMessage> letters() {
        var desk = new LetterFactory(now);
        return Stream.of(
                        new EverydayLetters(desk).all(),
                        new WorldLetters(desk).all(),
                        new AwkwardLetters(desk).all(),
                        new Discussion(desk).received())
                .flatMap(List::stream);
    }

    private Stream<DemoMessage> drafts() {
        var draft = Set.of("\\Seen", "\\Draft");
        return Stream.of(
                new LetterFactory(now)
                        .sent(
                                "draft",
                                "PT40M",
                                draft,
                                MAYA,
                                letter ->
                                        letter.subject("Roadmap: three questions")
                                                .with(Entity.text("Hi Maya,\n\n1. \n"))));
    }

    private Stream<DemoMessage> sent() {
        var desk = new LetterFactory(now);
        var question =
                desk.sent(
                        "release-question",
                        "P1DT3H",
                        READ,
                        MAYA,
                        letter ->
                                letter.subject("Release on Wednesday?")
                                        .with(
                                                Entity.text(
                                                        "Shall we move the release to Thursday? The tests of the"
                                                                + " import are\nstill running.\n")));
        return Stream.of(question, new Discussion(desk).ownAnswer());
    }

    private Stream<DemoMessage> junk() {
        var desk = new LetterFactory(now);
        var names = List.of("You have won", "Cheap watches", "Urgent transfer", "Hot stocks");
        var junk = new ArrayList<DemoMessage>();
        for (int i = 0; i < names.size(); i++) {
            var subject = names.get(i) + " !!!";
            junk.add(
                    desk.received(
                            "junk-" + i,
                            "P%dD".formatted(i + 1),
                            UNREAD,
                            new Person("Winner Office", "office@spam.example"),
                            letter ->
                                    letter.subject(subject)
                                            .with(Entity.html("<h1>" + subject + "</h1>"))));
        }
        return junk.stream();
    }

    /** Generated messages, the newest three days old. */
    private Stream<DemoMessage> generated(long seed, int count, Duration interval) {
        var first = now.minus(BEFORE_THE_LETTERS).minus(interval.multipliedBy(count));
        return new SampleMail(seed, first, interval).messages(count).map(DemoMessage::of);
    }

    private static List<DemoMessage> oldestFirst(Stream<DemoMessage> messages) {
        return messages.sorted(Comparator.comparing(DemoMessage::internalDate)).toList();
    }
}
