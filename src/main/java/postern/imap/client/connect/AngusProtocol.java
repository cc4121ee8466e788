package postern.imap.client.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.iap.ResponseInputStream;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.util.MailLogger;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.Outage;
import postern.imap.client.wire.AnswerBudget;
import postern.imap.client.wire.TrackedSockets;
import postern.imap.client.wire.Wire;

/**
 * The part of a connection that Angus handles: greeting, TLS, capabilities, login. It reads through
 * our {@link Wire}, which is used alone after the login.
 */
final class AngusProtocol extends IMAPProtocol {

    private static final MailLogger SILENT =
            new MailLogger(AngusProtocol.class, "imap", false, System.err);

    /** Challenges are short texts; a longer one is not decoded. */
    private static final int LONGEST_CHALLENGE = 16 * 1024;

    /** The properties of Angus for a connection whose TLS, if any, is not Angus's. */
    static final String PREFIX = "imap";

    /**
     * What Angus takes for the server. Its sockets connect to the real one; an address is not
     * looked up.
     */
    private static final String NOWHERE = "0.0.0.0";

    private final TrackedSockets sockets;
    private final AnswerBudget budget;
    private final int maxResponse;
    private final LoginSteps login;
    private @Nullable Wire wire;
    private @Nullable ResponseInputStream framed;
    private @Nullable String tag;
    private @Nullable Map<String, String> forgotten;

    AngusProtocol(
            Properties properties,
            TrackedSockets sockets,
            int maxResponse,
            AnswerBudget budget,
            LoginSteps login)
            throws IOException, ProtocolException {
        // The superclass reads the greeting in its constructor, which calls getInputStream().
        this.sockets = sockets;
        this.maxResponse = maxResponse;
        this.budget = budget;
        this.login = login;
        super(PREFIX, NOWHERE, 0, properties, false, SILENT);
    }

    Wire wire() {
        var current = wire;
        if (current == null) {
            current = new Wire(sockets::current, maxResponse, budget);
            wire = current;
        }
        return current;
    }

    Capabilities capabilities() {
        return new Capabilities(Set.copyOf(getCapabilities().keySet()));
    }

    /** A server that refuses CAPABILITY is treated as one without extensions. */
    @Override
    public void capability() throws ProtocolException {
        try {
            super.capability();
        } catch (CommandFailedException | BadCommandException _) {
            // a persistent error shows again at the next command
        }
    }

    /** Discards the capabilities received so far. */
    void forgetCapabilities() {
        forgotten = super.getCapabilities();
    }

    @Override
    public Map<String, String> getCapabilities() {
        var announced = super.getCapabilities();
        return announced == null || announced == forgotten ? Map.of() : announced;
    }

    @Override
    public boolean hasCapability(String name) {
        return !getCapabilities().isEmpty() && super.hasCapability(name);
    }

    /**
     * Sends AUTHENTICATE (RFC 9051 §6.2.2), with the initial response in the same line where the
     * server permits that (RFC 4959). Throws as {@link #handleResult} does. Angus's own exchanges
     * are not used: they send an access token twice and lose the server's error.
     *
     * @param onChallenge gets the text of a challenge after the initial response
     */
    void authenticate(SaslMechanism mechanism, Consumer<String> onChallenge)
            throws IOException, ProtocolException {
        suspendTracing(); // Angus logs what is written at the level TRACE
        var initial = SaslMechanism.encoded(mechanism.initialResponse());
        boolean sent = hasCapability("SASL-IR");
        var command = "AUTHENTICATE " + mechanism.name();
        var ours = writeCommand(sent ? command + " " + initial : command, null);
        while (true) {
            var response = readResponse();
            if (response.isContinuation()) {
                var answer = sent ? answer(mechanism, response, onChallenge) : initial;
                sent = true;
                getOutputStream().write((answer + "\r\n").getBytes(ISO_8859_1));
                getOutputStream().flush();
            } else if (response.isBYE() || response.isTagged() && ours.equals(response.getTag())) {
                handleResult(response);
                mechanism.accepted();
                setCapabilities(response);
                return;
            } else {
                handleCapabilityResponse(new Response[] {response});
            }
        }
    }

    /**
     * Sends LOGIN (RFC 9051 §6.2.3). Throws as {@link #handleResult} does. Angus's own sends only
     * the lower octet of each character: another name, another password, or a line end.
     */
    void logIn(String user, String password) throws ProtocolException {
        suspendTracing();
        var arguments = new Argument();
        arguments.writeString(user, UTF_8);
        arguments.writeString(password, UTF_8);
        var responses = command("LOGIN", arguments);
        var result = responses[responses.length - 1];
        handleCapabilityResponse(responses);
        handleResult(result);
        setCapabilities(result);
    }

    private static String answer(
            SaslMechanism mechanism, Response challenge, Consumer<String> onChallenge) {
        var text = decoded(challenge.getRest());
        onChallenge.accept(text);
        var answer = mechanism.answer(text);
        return answer == null ? "*" : SaslMechanism.encoded(answer);
    }

    private static String decoded(@Nullable String base64) {
        if (base64 == null || base64.length() > LONGEST_CHALLENGE) {
            return "";
        }
        try {
            return new String(Base64.getMimeDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    @Override
    public String writeCommand(String command, @Nullable Argument arguments)
            throws IOException, ProtocolException {
        var newTag = super.writeCommand(command, arguments);
        tag = newTag;
        login.sent(command);
        return newTag;
    }

    /** Angus would take {@code 220 OK} for a greeting, as if it had a tag. */
    @Override
    protected void processGreeting(Response greeting) throws ProtocolException {
        if (!greeting.isUnTagged()) {
            throw new ImapException.ServerUnreachable(
                    Outage.NOT_IMAP,
                    "what answers on the port of the mail server does not speak IMAP",
                    null);
        }
        super.processGreeting(greeting);
    }

    @Override
    public Response readResponse() throws IOException, ProtocolException {
        var response = super.readResponse();
        if (response.isContinuation()) {
            login.continued();
        } else if (response.isTagged()) {
            login.answered(response.isOK() ? "ok" : response.isNO() ? "no" : "bad");
        }
        return response;
    }

    /**
     * Adds the tag to a BAD without one. Only one command is in progress at a time, so that the BAD
     * must belong to it.
     */
    private byte[] withTag(byte[] response) {
        var lastTag = tag;
        var start = new String(response, 0, Math.min(6, response.length), ISO_8859_1);
        if (lastTag == null || !start.stripTrailing().equalsIgnoreCase("* BAD")) {
            return response;
        }
        var tagOctets = lastTag.getBytes(ISO_8859_1);
        var tagged = Arrays.copyOf(tagOctets, tagOctets.length + response.length - 1);
        System.arraycopy(response, 1, tagged, tagOctets.length, response.length - 1);
        return tagged;
    }

    @Override
    protected ResponseInputStream getInputStream() {
        var current = framed;
        if (current == null) {
            current = new Framed(wire(), this::withTag);
            framed = current;
        }
        return current;
    }

    /**
     * Does nothing. The finalizer of the superclass closes the socket, but the socket is needed
     * after the login, when nothing refers to this object any more.
     */
    @Override
    @SuppressWarnings({"removal", "Finalize"})
    protected void finalize() {}

    /** Passes our responses to Angus. */
    private static final class Framed extends ResponseInputStream {

        private final Wire wire;
        private final UnaryOperator<byte[]> change;

        Framed(Wire wire, UnaryOperator<byte[]> change) {
            super(InputStream.nullInputStream());
            this.wire = wire;
            this.change = change;
        }

        @Override
        public ByteArray readResponse(@Nullable ByteArray ignored) throws IOException {
            var octets = change.apply(wire.read().octets());
            // Angus cuts off the line end, which our responses do not have.
            var withLineEnd = new byte[octets.length + 2];
            System.arraycopy(octets, 0, withLineEnd, 0, octets.length);
            withLineEnd[octets.length] = '\r';
            withLineEnd[octets.length + 1] = '\n';
            return new ByteArray(withLineEnd, 0, withLineEnd.length);
        }

        @Override
        public int available() throws IOException {
            return wire.readable() ? 1 : 0;
        }
    }
}
