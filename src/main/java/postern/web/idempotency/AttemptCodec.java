package postern.web.idempotency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;

/** Writes attempts as octets, for every replica to read. */
final class AttemptCodec {

    private static final int RUNNING = 1;
    private static final int ANSWERED = 2;
    private static final int DOUBTFUL = 3;

    private AttemptCodec() {}

    /**
     * An attempt as it was read.
     *
     * @param unfinished the name of what an unfinished request has left in the memory of its
     *     process; null where it has left nothing
     */
    record Read(Attempt attempt, @Nullable String unfinished) {}

    /**
     * @param unfinished as in {@link Read}
     */
    static byte[] write(Attempt attempt, @Nullable String unfinished) {
        var octets = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(octets)) {
            switch (attempt) {
                case Attempt.Running(var fingerprint, var id, var since) -> {
                    out.writeByte(RUNNING);
                    out.writeUTF(fingerprint);
                    out.writeUTF(id);
                    out.writeLong(since.toEpochMilli());
                }
                case Attempt.Answered(var fingerprint, int status, var headers, var body) -> {
                    out.writeByte(ANSWERED);
                    out.writeUTF(fingerprint);
                    out.writeShort(status);
                    write(out, headers);
                    out.writeInt(body.length);
                    out.write(body);
                }
                case Attempt.Doubtful doubtful -> {
                    out.writeByte(DOUBTFUL);
                    out.writeUTF(doubtful.fingerprint());
                    out.writeUTF(unfinished == null ? "" : unfinished);
                    out.writeByte(doubtful.messages().size());
                    for (var message : doubtful.messages()) {
                        write(out, message);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    private static void write(DataOutputStream out, Map<String, String> headers)
            throws IOException {
        out.writeByte(headers.size());
        for (var header : headers.entrySet()) {
            out.writeUTF(header.getKey());
            out.writeUTF(header.getValue());
        }
    }

    private static void write(DataOutputStream out, UnconfirmedMessage message) throws IOException {
        var id = message.mailbox().id();
        out.writeUTF(message.mailbox().wire());
        out.writeUTF(id == null ? "" : id);
        out.writeLong(message.uidValidity());
        out.writeLong(message.uidNext());
        out.writeLong(message.size());
        out.writeUTF(message.beginning());
        out.writeLong(message.sent().toEpochMilli());
    }

    /** Throws IOException for what {@link #write} has not written. */
    static Read read(byte[] octets) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(octets))) {
            int kind = in.readUnsignedByte();
            var fingerprint = in.readUTF();
            return switch (kind) {
                case RUNNING ->
                        new Read(
                                new Attempt.Running(
                                        fingerprint,
                                        in.readUTF(),
                                        Instant.ofEpochMilli(in.readLong())),
                                null);
                case ANSWERED -> new Read(answered(fingerprint, in), null);
                case DOUBTFUL -> {
                    var unfinished = in.readUTF();
                    yield new Read(
                            new Attempt.Doubtful(fingerprint, messages(in), null),
                            unfinished.isEmpty() ? null : unfinished);
                }
                default -> throw new IOException("not an attempt");
            };
        } catch (IllegalArgumentException e) {
            throw new IOException("not an attempt", e);
        }
    }

    private static Attempt answered(String fingerprint, DataInputStream in) throws IOException {
        int status = in.readUnsignedShort();
        var headers = new LinkedHashMap<String, String>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            headers.put(in.readUTF(), in.readUTF());
        }
        return new Attempt.Answered(
                fingerprint, status, Map.copyOf(headers), in.readNBytes(in.readInt()));
    }

    private static List<UnconfirmedMessage> messages(DataInputStream in) throws IOException {
        var messages = new ArrayList<UnconfirmedMessage>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            var wire = in.readUTF();
            var id = in.readUTF();
            messages.add(
                    new UnconfirmedMessage(
                            new MailboxName(wire, id.isEmpty() ? null : id),
                            in.readLong(),
                            in.readLong(),
                            in.readLong(),
                            in.readUTF(),
                            Instant.ofEpochMilli(in.readLong())));
        }
        return List.copyOf(messages);
    }
}
