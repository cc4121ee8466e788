package postern.demo;

import java.time.Instant;
import java.util.Set;
import postern.samplemail.SampleMessage;

/** A message in the demo's mailbox. */
record DemoMessage(byte[] octets, Instant internalDate, Set<String> flags) {
    static DemoMessage of(SampleMessage message) {
        return new DemoMessage(message.octets(), message.internalDate(), message.flags());
    }
}
