package postern.imap.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.command.PresenceCommand;
import postern.imap.client.command.SimpleCommand;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionStream;
import postern.imap.message.UidSet;

/**
 * Tells messages from what Courier makes up. For a message whose file another client has removed,
 * and until it has reported the removal with EXPUNGE, Courier answers FETCH with a message of its
 * own: "message unavailable", from a System Administrator. What may be that message is believed
 * only when it is still there after a NOOP.
 */
final class StandInMessages {

    private static final String BODY = "This message is no longer available on the server.\r\n";
    private static final String SUBJECT = "message unavailable";
    private static final String WHOLE =
            "From: System Administrator <root@localhost>\r\nSubject: "
                    + SUBJECT
                    + "\r\n\r\n"
                    + BODY;

    private final CommandChannel channel;

    StandInMessages(CommandChannel channel) {
        this.channel = channel;
    }

    /** The answers without the messages that are gone. */
    List<List<FetchedMessage>> removedFrom(List<List<FetchedMessage>> answers) {
        if (!channel.capabilities().showsWhatIsGone()) {
            return answers;
        }
        var suspects =
                answers.stream()
                        .flatMap(List::stream)
                        .filter(StandInMessages::maybeStandIn)
                        .map(FetchedMessage::uid)
                        .distinct()
                        .toList();
        if (suspects.isEmpty()) {
            return answers;
        }
        var gone = new HashSet<>(suspects);
        gone.removeAll(present(suspects));
        return gone.isEmpty() ? answers : without(gone, answers);
    }

    private static List<List<FetchedMessage>> without(
            Set<Long> gone, List<List<FetchedMessage>> answers) {
        var left = new ArrayList<List<FetchedMessage>>();
        for (var answer : answers) {
            left.add(answer.stream().filter(message -> !gone.contains(message.uid())).toList());
        }
        return left;
    }

    /** The section; throws MessageNotFound when it is of a message that is gone. */
    SectionStream confirmed(long uid, SectionStream section) {
        if (!channel.capabilities().showsWhatIsGone() || section.length() > WHOLE.length()) {
            return section;
        }
        var octets = read(section);
        if (maybeStandIn(octets) && present(List.of(uid)).isEmpty()) {
            throw new ImapException.MessageNotFound();
        }
        return new QuotedSection(octets);
    }

    private static byte[] read(SectionStream section) {
        try (section) {
            return section.readNBytes(WHOLE.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it fails by ImapException alone
        }
    }

    private static boolean maybeStandIn(FetchedMessage message) {
        var size = message.size();
        if (size != null) {
            return size == WHOLE.length();
        }
        var envelope = message.envelope();
        if (envelope != null) {
            var subject = envelope.subject();
            return subject != null && subject.toString().equals(SUBJECT);
        }
        return maybeStandIn(message.bodyStructure())
                || message.sections().values().stream().anyMatch(StandInMessages::maybeStandIn);
    }

    private static boolean maybeStandIn(@Nullable BodyPart structure) {
        return structure != null && structure.size() == BODY.length();
    }

    /** Whether it is any section of it, or any part of one. */
    private static boolean maybeStandIn(byte[] section) {
        return section.length <= WHOLE.length()
                && WHOLE.contains(new String(section, ISO_8859_1).strip());
    }

    /** Which of these are there once the server has reported what was removed. */
    private Set<Long> present(List<Long> uids) {
        var presence = new PresenceCommand(UidSet.of(uids), channel.capabilities());
        channel.run(SimpleCommand.noop(), presence);
        return presence.left().keySet();
    }
}
