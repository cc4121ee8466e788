package postern.samplemail;

import java.util.List;
import java.util.stream.Collectors;

/** A name with an address in one of the domains of RFC 2606. */
public record Person(String name, String email) {
    /** The owner of the mailbox. */
    public static final Person OWNER = new Person("Alex Demo", "demo@example.org");

    public String address() {
        return displayName() + " <" + email + ">";
    }

    static String addresses(List<Person> people) {
        return people.stream().map(Person::address).collect(Collectors.joining(",\r\n "));
    }

    private String displayName() {
        boolean special = name.chars().anyMatch(c -> ",.'()".indexOf(c) >= 0);
        return special ? '"' + name + '"' : EncodedWords.of(name);
    }
}
