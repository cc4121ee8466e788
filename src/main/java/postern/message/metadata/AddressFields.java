package postern.message.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Address;
import postern.imap.message.Envelope;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;
import postern.message.part.HeaderField;
import postern.mime.header.AddressField;
import postern.mime.header.HeaderAddress;

/**
 * The addresses of a message, parsed from its header if that was fetched: the addresses that
 * servers put in an ENVELOPE are in part invented or cut, and are used only without the header.
 *
 * @param cut whether any of the fields has more addresses than these
 */
public record AddressFields(
        List<EmailAddress> from,
        List<EmailAddress> sender,
        List<EmailAddress> replyTo,
        List<EmailAddress> to,
        List<EmailAddress> cc,
        List<EmailAddress> bcc,
        boolean cut) {

    public static AddressFields of(FetchedMessage message) {
        var header = FetchedHeader.of(message);
        var envelope = message.envelope() == null ? Envelope.EMPTY : message.envelope();
        var from = header.authors("From", envelope.from());
        var sender = header.authors("Sender", envelope.sender());
        var replyTo = header.authors("Reply-To", envelope.replyTo());
        var to = header.recipients("To", envelope.to());
        var cc = header.recipients("Cc", envelope.cc());
        var bcc = header.recipients("Bcc", envelope.bcc());
        return new AddressFields(
                from.addresses(),
                sender.addresses(),
                replyTo.addresses(),
                to.addresses(),
                cc.addresses(),
                bcc.addresses(),
                Stream.of(from, sender, replyTo, to, cc, bcc).anyMatch(Field::cut));
    }

    /**
     * A field, or several of the same name joined.
     *
     * @param cut whether it has more addresses
     */
    private record Field(List<EmailAddress> addresses, boolean cut) {

        static Field of(List<EmailAddress> addresses, boolean cut) {
            boolean more = addresses.size() > AddressField.MOST;
            return new Field(
                    List.copyOf(more ? addresses.subList(0, AddressField.MOST) : addresses),
                    cut || more);
        }
    }

    /**
     * The header fields that were fetched.
     *
     * @param fields null when none were
     * @param cut whether the header has more octets than were fetched
     */
    private record FetchedHeader(@Nullable List<HeaderField.Raw> fields, boolean cut) {

        private static final FetchedHeader NOTHING = new FetchedHeader(null, false);

        static FetchedHeader of(FetchedMessage message) {
            for (var fetched : message.sections().entrySet()) {
                var range = fetched.getKey();
                // Even if none of the fields exists, the server sends the empty line that ends the
                // header.
                if (addresses(range) && fetched.getValue().length > 0) {
                    boolean cut = fetched.getValue().length >= range.octets();
                    return new FetchedHeader(HeaderField.split(fetched.getValue()), cut);
                }
            }
            return NOTHING;
        }

        private static boolean addresses(SectionRange range) {
            var section = range.section();
            if (!section.partId().isEmpty() || range.offset() > 0) {
                return false;
            }
            return switch (section.kind()) {
                case HEADER -> true;
                case HEADER_FIELDS ->
                        section.fields().contains("FROM")
                                || section.fields().contains("TO")
                                || section.fields().contains("CC");
                case BODY, TEXT, MIME -> false;
            };
        }

        Field authors(String name, List<Address> envelope) {
            return addresses(name, AddressField::authors, envelope);
        }

        Field recipients(String name, List<Address> envelope) {
            return addresses(name, AddressField::recipients, envelope);
        }

        private Field addresses(
                String name, Function<byte[], List<HeaderAddress>> read, List<Address> envelope) {
            if (fields == null) {
                return Field.of(EmailAddress.ofEnvelope(envelope), false);
            }
            var addresses = new ArrayList<EmailAddress>();
            for (var field : fields) {
                if (field.name().equalsIgnoreCase(name) && addresses.size() <= AddressField.MOST) {
                    addresses.addAll(EmailAddress.listOf(read.apply(field.value())));
                }
            }
            return cut && partly(name) ? longer(addresses, envelope) : Field.of(addresses, false);
        }

        /** Whether this field may continue after the cut, or begin there. */
        private boolean partly(String name) {
            return fields == null
                    || fields.isEmpty()
                    || fields.getLast().name().equalsIgnoreCase(name)
                    || fields.stream().noneMatch(field -> field.name().equalsIgnoreCase(name));
        }

        private static Field longer(List<EmailAddress> addresses, List<Address> envelope) {
            // The last address is incomplete.
            var whole = addresses.subList(0, Math.max(0, addresses.size() - 1));
            var others = EmailAddress.ofEnvelope(envelope);
            return others.size() > whole.size()
                    ? Field.of(others, false)
                    : Field.of(whole, !addresses.isEmpty());
        }
    }
}
