package postern.smtp.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import postern.smtp.OutgoingMessage;

/** A message of one text. */
record TextMessage(String text, boolean eightBit, boolean eightBitHeader)
        implements OutgoingMessage {

    TextMessage(String text) {
        this(text, false, false);
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    @Override
    public long length() {
        return text.length();
    }
}
