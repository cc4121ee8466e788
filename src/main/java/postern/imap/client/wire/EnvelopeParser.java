package postern.imap.client.wire;

import java.util.ArrayList;
import java.util.List;
import postern.imap.message.Address;
import postern.imap.message.Envelope;

/** Parses an ENVELOPE (RFC 9051 §7.5.2). */
final class EnvelopeParser {

    /** Upper bound on the addresses read from one list; the rest is dropped. */
    private static final int MOST_ADDRESSES = 5_000;

    private EnvelopeParser() {}

    static Envelope parse(Response response) {
        response.expect('(');
        var date = response.text();
        response.skipSpaces();
        var subject = response.text();
        var from = addresses(response);
        var sender = addresses(response);
        var replyTo = addresses(response);
        var to = addresses(response);
        var cc = addresses(response);
        var bcc = addresses(response);
        response.skipSpaces();
        var inReplyTo = response.text();
        response.skipSpaces();
        var messageId = response.text();
        response.skipSpaces();
        response.expect(')');
        return new Envelope(
                date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId);
    }

    private static List<Address> addresses(Response response) {
        response.skipSpaces();
        if (response.peek() != '(') {
            if (response.string() != null) {
                throw new MalformedResponse("an address list expected");
            }
            return List.of();
        }
        var addresses = new ArrayList<Address>();
        response.list(() -> {
            var address = address(response);
            if (addresses.size() < MOST_ADDRESSES) {
                addresses.add(address);
            }
        });
        return List.copyOf(addresses);
    }

    private static Address address(Response response) {
        response.expect('(');
        var name = response.text();
        response.skipSpaces();
        response.string(); // the source route, obsolete since RFC 5322
        response.skipSpaces();
        var mailbox = response.text();
        response.skipSpaces();
        var host = response.text();
        response.skipSpaces();
        response.expect(')');
        return new Address(name, mailbox, host);
    }
}
