package postern.samplemail;

import org.jspecify.annotations.Nullable;

/**
 * What a reader must find: the decoded but unsanitised file name, and the size and hash of the
 * decoded octets.
 */
public record SampleAttachment(@Nullable String name, long size, String sha256) {}
