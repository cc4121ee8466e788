package postern.samplemail;

import org.jspecify.annotations.Nullable;

/** What a reader must find: the file's name decoded but not cleaned, and its decoded octets. */
public record SampleAttachment(@Nullable String name, long size, String sha256) {}
