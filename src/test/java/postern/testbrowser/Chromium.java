package postern.testbrowser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/**
 * The Chromium of this machine, without a window and with an empty profile. All names below {@code
 * test} are this machine; no other name has an address.
 *
 * <p>{@code -Dbrowser=…} says which one, otherwise it is looked for on the path. Without a browser
 * a test fails where {@code CI} is set, and is skipped elsewhere; both say how to install one.
 */
public final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final String MISSING =
            "There is no browser for this test. Install Chromium (Debian, Ubuntu: apt-get install"
                    + " chromium), or name one with -Dbrowser=/path/to/chromium.";

    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Path profile;
    private final DevTools devTools;

    private Chromium(Process process, Path profile, DevTools devTools) {
        this.process = process;
        this.profile = profile;
        this.devTools = devTools;
    }

    public static Chromium start() {
        var program = program();
        if (program.isEmpty()) {
            if (System.getenv("CI") != null) {
                throw new AssertionError(MISSING);
            }
            Assumptions.abort(MISSING);
        }
        try {
            var profile = Files.createTempDirectory("browser");
            var process = new ProcessBuilder(command(program.orElseThrow(), profile)).start();
            process.getOutputStream().close();
            Thread.ofVirtual().start(() -> discard(process.inputReader(UTF_8)));
            return new Chromium(process, profile, DevTools.connect(address(process)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty page that shares cookies, passwords and caches with no other. */
    public Tab open() {
        return Tab.open(devTools);
    }

    @Override
    public void close() throws IOException {
        devTools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            boolean _ = process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        FileSystemUtils.deleteRecursively(profile);
    }

    private static Optional<String> program() {
        var named = System.getProperty("browser");
        if (named != null) {
            return Optional.of(named);
        }
        var directories =
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator);
        return NAMES.stream()
                .flatMap(name -> Stream.of(directories).map(it -> Path.of(it, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Its sandbox needs rights that a container does not have; the pages are those of the test. */
    private static List<String> command(String program, Path profile) {
        return List.of(
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-extensions",
                "--disable-popup-blocking",
                "--disable-sync",
                // one process for all pages: starting one costs a second on a small machine
                "--disable-site-isolation-trials",
                "--disable-features=BackForwardCache,IsolateSandboxedIframes,"
                        + "SpareRendererForSitePerProcess,OptimizationHints,MediaRouter",
                "--renderer-process-limit=1",
                "--mute-audio",
                "--no-first-run",
                "--no-default-browser-check",
                "--no-proxy-server",
                "--window-size=640,480",
                "--password-store=basic",
                "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost,"
                        + " EXCLUDE 127.0.0.1",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank");
    }

    private static URI address(Process process) throws IOException {
        var errors = process.errorReader(UTF_8);
        var said = new StringBuilder();
        for (var line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofVirtual().start(() -> discard(errors));
                return URI.create(line.substring(LISTENING.length()).strip());
            }
            said.append(line).append('\n');
        }
        throw new IOException("the browser does not start:\n" + said);
    }

    /** A full pipe would stop the browser. */
    private static void discard(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // nobody reads it
            }
        } catch (IOException _) {
            // the browser has ended
        }
    }
}
