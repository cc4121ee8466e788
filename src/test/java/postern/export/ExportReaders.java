package postern.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import postern.fuzz.FuzzTarget;
import postern.web.IdReaders;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolProperties;
import postern.web.transfer.SpoolSpace;

/** The readers of mbox files and export cursors, as fuzz targets. */
public final class ExportReaders {

    private static @Nullable SpoolSpace space;

    private ExportReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("mbox", ExportReaders::mbox)
                        .throwing(InvalidRequest.class)
                        .of(
                                "From a@b Mon Mar  2 10:00:00 2026\n",
                                "From ",
                                ">From x\n",
                                "\n",
                                "\r\n",
                                "Status: RO\n",
                                "X-Status: AF\n",
                                "X-Mozilla-Status: 0009\n",
                                "X-Keywords: red, $x {}\n",
                                "Subject: x\n",
                                "\ufeff"),
                FuzzTarget.of(
                                "export cursor",
                                it -> ExportCursor.of(IdReaders.cursor(it)).toCursor().toString())
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of("x\u000e\u0018", "\u007f"));
    }

    private static @Nullable CharSequence mbox(byte[] octets) throws IOException {
        var reader = new MboxReader(new ByteArrayInputStream(octets), space(), 1_000_000);
        var seen = new StringBuilder();
        while (true) {
            try (var message = reader.next()) {
                if (message == null) {
                    return seen;
                }
                seen.append(message.flags()).append(message.date());
            }
        }
    }

    private static synchronized SpoolSpace space() {
        var opened = space;
        if (opened == null) {
            try {
                var directory = Files.createTempDirectory("fuzz");
                opened = new SpoolSpace(new SpoolProperties(DataSize.ofMegabytes(64), directory));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            space = opened;
        }
        return opened;
    }
}
