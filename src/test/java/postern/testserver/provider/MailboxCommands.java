package postern.testserver.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands of a logged-in client; runs under the server's lock. */
final class MailboxCommands {

    private static final Pattern ITEM =
            Pattern.compile("BODY(?:\\.PEEK)?\\[[^]]*](?:<[^>]*>)?|[^ ()]+");

    private final ProviderServer server;
    private final ProviderSession session;
    private @Nullable ProviderMailbox selected;

    /** The messages whose sequence numbers this client knows. */
    private List<ProviderMessage> known = new ArrayList<>();

    MailboxCommands(ProviderServer server, ProviderSession session) {
        this.server = server;
        this.session = session;
    }

    /** The tagged response without its tag. */
    String run(String verb, Words words) {
        return switch (verb) {
            case "NOOP" -> {
                update();
                yield "OK done";
            }
            case "ENABLE" -> {
                session.require("ENABLE", verb);
                yield "OK done";
            }
            case "NAMESPACE" -> {
                session.require("NAMESPACE", verb);
                say("* NAMESPACE ((\"\" \"/\")) NIL NIL");
                yield "OK done";
            }
            case "GETQUOTAROOT" -> {
                session.require("QUOTA", verb);
                say("* QUOTAROOT INBOX \"\"");
                say("* QUOTA \"\" (STORAGE 10 15728640)");
                yield "OK done";
            }
            case "LIST" -> list(verb, words);
            case "LSUB" -> list(verb, words);
            case "STATUS" -> status(words);
            case "CREATE" -> server.create(words.next()) ? "OK done" : "NO it exists";
            case "SUBSCRIBE", "UNSUBSCRIBE" -> "OK done";
            case "SELECT", "EXAMINE" -> select(verb, words);
            case "UNSELECT" -> {
                session.require("UNSELECT", verb);
                selected = null;
                yield "OK done";
            }
            case "APPEND" -> append(words);
            default -> selected == null ? "BAD no mailbox" : runSelected(verb, words, selected);
        };
    }

    private String runSelected(String verb, Words words, ProviderMailbox mailbox) {
        return switch (verb) {
            case "FETCH" -> fetch(bySequenceNumber(words.next()), words);
            case "UID FETCH" -> fetch(byUid(words.next()), words);
            case "UID SEARCH" -> search(words, mailbox);
            case "UID STORE" -> store(words);
            case "UID COPY" -> copy(byUid(words.next()), words.next(), mailbox, false);
            case "UID MOVE" -> {
                session.require("MOVE", verb);
                yield copy(byUid(words.next()), words.next(), mailbox, true);
            }
            case "UID EXPUNGE" -> {
                session.require("UIDPLUS", verb);
                yield expunge(byUid(words.next()), mailbox);
            }
            case "EXPUNGE" -> expunge(known, mailbox);
            default -> "BAD unknown command " + verb;
        };
    }

    private void say(String line) {
        session.say(line);
    }

    private String list(String verb, Words words) {
        words.next();
        words.next();
        var options = words.rest();
        if (!options.isEmpty()) {
            session.require("LIST-EXTENDED", verb + " RETURN");
        }
        if (options.contains("SPECIAL-USE")) {
            session.require("SPECIAL-USE", verb + " RETURN SPECIAL-USE");
        }
        boolean counts = options.contains("STATUS");
        if (counts) {
            session.require("LIST-STATUS", verb + " RETURN STATUS");
        }
        for (var mailbox : server.mailboxes()) {
            say("* %s (%s) \"/\" \"%s\"".formatted(verb, mailbox.attributes, mailbox.name));
            if (counts && mailbox.selectable()) {
                status(mailbox, options.replaceAll("(?s).*STATUS \\(|\\).*", ""));
            }
        }
        return "OK done";
    }

    private String status(Words words) {
        var mailbox = server.find(words.next());
        if (mailbox == null || !mailbox.selectable()) {
            return "NO [NONEXISTENT] Unknown Mailbox (Failure)";
        }
        status(mailbox, String.join(" ", words.list()));
        return "OK done";
    }

    private void status(ProviderMailbox mailbox, String items) {
        var values = new ArrayList<String>();
        for (var item : items.split(" ")) {
            if (item.equals("MAILBOXID")) {
                session.require("OBJECTID", "STATUS MAILBOXID");
                values.add("MAILBOXID (%s)".formatted(id(mailbox)));
                continue;
            }
            long value =
                    switch (item) {
                        case "MESSAGES" -> mailbox.messages.size();
                        case "UNSEEN" -> mailbox.unseen();
                        case "UIDNEXT" -> mailbox.uidNext;
                        case "UIDVALIDITY" -> 1;
                        case "HIGHESTMODSEQ" -> {
                            session.require("CONDSTORE", "STATUS HIGHESTMODSEQ");
                            yield server.highestModSeq();
                        }
                        default -> throw new IllegalArgumentException("STATUS " + item);
                    };
            values.add(item + " " + value);
        }
        say("* STATUS \"%s\" (%s)".formatted(mailbox.name, String.join(" ", values)));
    }

    private static String id(ProviderMailbox mailbox) {
        return "M" + Integer.toHexString(mailbox.name.hashCode());
    }

    private String select(String verb, Words words) {
        selected = null;
        var mailbox = server.find(words.next());
        if (mailbox == null || !mailbox.selectable()) {
            return "NO [NONEXISTENT] Unknown Mailbox (Failure)";
        }
        var options = words.rest();
        if (options.contains("CONDSTORE")) {
            session.require("CONDSTORE", verb + " CONDSTORE");
            say("* OK [HIGHESTMODSEQ %d]".formatted(server.highestModSeq()));
        }
        if (options.contains("QRESYNC")) {
            session.require("QRESYNC", verb + " QRESYNC");
        }
        selected = mailbox;
        known = new ArrayList<>(mailbox.messages);
        say("* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)");
        say("* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen \\*)] ok");
        say("* OK [UIDVALIDITY 1] ok");
        if (session.announces("OBJECTID")) {
            say("* OK [MAILBOXID (%s)] ok".formatted(id(mailbox)));
        }
        say("* %d EXISTS".formatted(known.size()));
        say("* 0 RECENT");
        say("* OK [UIDNEXT %d] ok".formatted(mailbox.uidNext));
        return "OK [%s] done".formatted(verb.equals("SELECT") ? "READ-WRITE" : "READ-ONLY");
    }

    private List<ProviderMessage> bySequenceNumber(String set) {
        var messages = new ArrayList<ProviderMessage>();
        for (int i = 0; i < known.size(); i++) {
            if (ProviderMailbox.contains(set, i + 1, known.size())) {
                messages.add(known.get(i));
            }
        }
        return messages;
    }

    private List<ProviderMessage> byUid(String set) {
        long last = known.isEmpty() ? 0 : known.getLast().uid;
        return known.stream()
                .filter(message -> ProviderMailbox.contains(set, message.uid, last))
                .toList();
    }

    private String fetch(List<ProviderMessage> messages, Words words) {
        var items = new ArrayList<String>();
        for (var item = ITEM.matcher(words.rest()); item.find(); ) {
            items.add(item.group());
        }
        requireFor(items, "MODSEQ", "CONDSTORE");
        requireFor(items, "X-GM-MSGID", "X-GM-EXT-1");
        requireFor(items, "EMAILID", "OBJECTID");
        for (var message : messages) {
            say(
                    "* %d FETCH (%s)"
                            .formatted(
                                    known.indexOf(message) + 1,
                                    items.stream()
                                            .map(message::item)
                                            .collect(Collectors.joining(" "))));
        }
        return "OK done";
    }

    private void requireFor(List<String> items, String item, String capability) {
        if (items.contains(item)) {
            session.require(capability, "FETCH " + item);
        }
    }

    private String search(Words words, ProviderMailbox mailbox) {
        boolean ranges = words.skip("RETURN");
        if (ranges) {
            session.require("ESEARCH", "SEARCH RETURN");
            words.list();
        }
        if (words.skip("CHARSET")) {
            words.next();
        }
        var program = SearchProgram.read(words, mailbox.uidNext - 1);
        var found =
                known.stream().filter(program).map(message -> String.valueOf(message.uid)).toList();
        if (ranges) {
            var all = found.isEmpty() ? "" : " ALL " + String.join(",", found);
            say("* ESEARCH (TAG \"%s\") UID%s".formatted(session.tag(), all));
        } else {
            say("* SEARCH" + found.stream().map(uid -> " " + uid).collect(Collectors.joining()));
        }
        return "OK done";
    }

    private String store(Words words) {
        var messages = byUid(words.next());
        var modified = new ArrayList<String>();
        long unchangedSince = Long.MAX_VALUE;
        if (words.at('(')) {
            session.require("CONDSTORE", "STORE UNCHANGEDSINCE");
            unchangedSince = Long.parseLong(words.list().get(1));
        }
        var action = words.upper();
        var flags = words.list();
        for (var message : messages) {
            if (message.modSeq > unchangedSince) {
                modified.add(String.valueOf(message.uid));
                continue;
            }
            switch (action.charAt(0)) {
                case '+' -> message.flags.addAll(flags);
                case '-' -> flags.forEach(message.flags::remove);
                default -> {
                    message.flags.clear();
                    message.flags.addAll(flags);
                }
            }
            message.modSeq = server.nextModSeq();
            if (session.announces("CONDSTORE")) {
                say(
                        "* %d FETCH (UID %d MODSEQ (%d))"
                                .formatted(
                                        known.indexOf(message) + 1, message.uid, message.modSeq));
            }
        }
        return modified.isEmpty()
                ? "OK done"
                : "OK [MODIFIED %s] done".formatted(String.join(",", modified));
    }

    private String copy(
            List<ProviderMessage> messages, String to, ProviderMailbox from, boolean move) {
        var target = server.find(to);
        if (target == null) {
            return "NO [TRYCREATE] no such mailbox";
        }
        if (messages.isEmpty()) {
            return "OK nothing to do";
        }
        var copies =
                messages.stream()
                        .map(message -> {
                            var copy = server.add(target, message.content, message.emailId);
                            copy.flags.addAll(message.flags);
                            return copy;
                        })
                        .toList();
        var code = "COPYUID 1 %s %s".formatted(uids(messages), uids(copies));
        if (!session.announces("UIDPLUS")) {
            code = "X-NO-UIDPLUS";
        }
        if (!move) {
            return "OK [%s] done".formatted(code);
        }
        say("* OK [%s] moved".formatted(code));
        from.messages.removeAll(messages);
        update();
        return "OK done";
    }

    private static String uids(List<ProviderMessage> messages) {
        return messages.stream()
                .map(message -> String.valueOf(message.uid))
                .collect(Collectors.joining(","));
    }

    private String expunge(List<ProviderMessage> messages, ProviderMailbox mailbox) {
        mailbox.messages.removeAll(
                messages.stream().filter(message -> message.flagged("\\Deleted")).toList());
        update();
        return "OK done";
    }

    private String append(Words words) {
        var mailbox = server.find(words.next());
        if (mailbox == null) {
            return "NO [TRYCREATE] no such mailbox";
        }
        List<String> flags = words.at('(') ? words.list() : List.of();
        var content = words.next();
        if (content.matches("[ 0-9]\\d-[A-Z][a-z]{2}-\\d{4} .*")) {
            content = words.next();
        }
        var added = server.add(mailbox, content, null);
        added.flags.addAll(flags);
        update();
        return session.announces("UIDPLUS")
                ? "OK [APPENDUID 1 %d] done".formatted(added.uid)
                : "OK done";
    }

    /** Tells what has come and gone. */
    private void update() {
        var mailbox = selected;
        if (mailbox == null) {
            return;
        }
        for (int i = known.size() - 1; i >= 0; i--) {
            if (!mailbox.messages.contains(known.get(i))) {
                known.remove(i);
                say("* %d EXPUNGE".formatted(i + 1));
            }
        }
        if (mailbox.messages.size() > known.size()) {
            known = new ArrayList<>(mailbox.messages);
            say("* %d EXISTS".formatted(known.size()));
        }
    }
}
