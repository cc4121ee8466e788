package postern.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import postern.samplemail.MessageBuilder;
import postern.samplemail.Person;

/** Builds the demo's messages, with dates relative to now and fixed Message-IDs. */
record LetterFactory(Instant now) {
    static final Set<String> UNREAD = Set.of();
    static final Set<String> READ = Set.of("\\Seen");
    static final Set<String> READ_AND_ANSWERED = Set.of("\\Seen", "\\Answered");
    static final Set<String> READ_AND_FLAGGED = Set.of("\\Seen", "\\Flagged");

    static String id(String name) {
        return name + "@demo.example.org";
    }

    /**
     * A message to the owner; {@code age} is an ISO 8601 duration, {@code name} determines the
     * Message-ID.
     */
    DemoMessage received(
            String name,
            String age,
            Set<String> flags,
            Person from,
            Function<MessageBuilder, byte[]> rest) {
        return written(name, age, flags, letter -> rest.apply(letter.from(from).to(Person.OWNER)));
    }

    DemoMessage sent(
            String name,
            String age,
            Set<String> flags,
            Person to,
            Function<MessageBuilder, byte[]> rest) {
        return written(name, age, flags, letter -> rest.apply(letter.from(Person.OWNER).to(to)));
    }

    DemoMessage written(
            String name, String age, Set<String> flags, Function<MessageBuilder, byte[]> rest) {
        var at = now.minus(Duration.parse(age));
        var letter = new MessageBuilder().sentAt(at).messageId(id(name));
        return new DemoMessage(rest.apply(letter), at, flags);
    }
}
