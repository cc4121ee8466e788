package postern.demo;

import static postern.demo.LetterFactory.READ;
import static postern.demo.LetterFactory.UNREAD;

import java.util.List;
import java.util.Set;
import postern.samplemail.Entity;
import postern.samplemail.Person;

/** A thread on a mailing list with two branches, one of them a reply of the owner. */
record Discussion(LetterFactory desk) {
    private static final Person LIST = new Person("Sailing list", "sailing@lists.example.org");
    private static final Person GRACE = new Person("Grace Ng", "grace@example.com");
    private static final Person PAT = new Person("O'Neil, Pat", "pat@example.net");
    private static final Person EMRE = new Person("Emre Yıldız", "emre@example.com");
    private static final String SUBJECT = "[sailing] Where to moor for the winter?";

    List<DemoMessage> received() {
        return List.of(
                post(
                        "winter",
                        "PT22H",
                        READ,
                        GRACE,
                        List.of(),
                        """
                        Hello all,

                        the marina closes on the first of December. Where do you moor for
                        the winter?

                        Grace
                        """),
                post(
                        "winter-pat",
                        "PT20H",
                        READ,
                        PAT,
                        List.of("winter"),
                        """
                        > Where do you moor for the winter?

                        Old Harbour, pier 3. Cheap, but bring your own power cable.
                        """),
                post(
                        "winter-emre",
                        "PT16H",
                        READ,
                        EMRE,
                        List.of("winter", "winter-pat"),
                        """
                        >> Where do you moor for the winter?
                        > Old Harbour, pier 3. Cheap, but bring your own power cable.

                        And mind the tide: at low water you climb.
                        """),
                post(
                        "winter-grace",
                        "PT55M",
                        UNREAD,
                        GRACE,
                        List.of("winter", "winter-alex"),
                        """
                        > There is a free place next to mine, shall I ask?

                        Yes, please!
                        """));
    }

    DemoMessage ownAnswer() {
        return post(
                "winter-alex",
                "PT12H",
                READ,
                Person.OWNER,
                List.of("winter"),
                """
                > Where do you moor for the winter?

                There is a free place next to mine, shall I ask?

                Alex
                """);
    }

    private DemoMessage post(
            String name,
            String age,
            Set<String> flags,
            Person author,
            List<String> ancestors,
            String text) {
        return desk.written(
                name,
                age,
                flags,
                letter -> {
                    letter.from(author)
                            .to(LIST)
                            .subject(ancestors.isEmpty() ? SUBJECT : "Re: " + SUBJECT)
                            .field("List-Id", "Sailing <sailing.lists.example.org>")
                            .field("List-Post", "<mailto:sailing@lists.example.org>");
                    if (!ancestors.isEmpty()) {
                        letter.answering(ancestors.stream().map(LetterFactory::id).toList());
                    }
                    return letter.with(Entity.text(text));
                });
    }
}
