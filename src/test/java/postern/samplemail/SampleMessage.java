package postern.samplemail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A message with its APPEND arguments and with what a reader must find in it. */
public record SampleMessage(
        Content content,
        Instant internalDate,
        Set<String> flags,
        SampleKind kind,
        List<SampleAttachment> attachments) {

    /** Octets that need not be in memory all at once. */
    public interface Content {
        long size();

        void writeTo(OutputStream out) throws IOException;

        static Content of(byte[] octets) {
            return new Content() {
                @Override
                public long size() {
                    return octets.length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(octets);
                }
            };
        }
    }

    public long size() {
        return content.size();
    }

    public void writeTo(OutputStream out) throws IOException {
        content.writeTo(out);
    }

    /** All octets in memory: not for a message with a large attachment. */
    public byte[] octets() {
        var out = new ByteArrayOutputStream(Math.toIntExact(size()));
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
