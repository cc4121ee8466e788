package postern.web.transfer;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The disk space for uploads on their way to the mail server: a bounded number of octets in a
 * directory of this process, which is deleted when it ends. A running process holds a file lock in
 * its directory, so the next process can remove the directories of killed ones.
 */
@Component
public final class SpoolSpace implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpoolSpace.class);

    private static final String PREFIX = "postern-spool-";
    private static final String LOCK = "lock";
    private static final String TAKEN = SpoolSpace.class.getName() + ".taken";

    /**
     * The directories of this process. Their lock files must not be opened again: on POSIX, closing
     * any channel to a file releases all locks of the process on it.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final long most;
    private final AtomicLong taken = new AtomicLong();
    private final Path directory;
    private final FileChannel lock;

    public SpoolSpace(SpoolProperties properties) throws IOException {
        most = properties.maxSize().toBytes();
        var given = properties.directory();
        var base = given == null ? Path.of(System.getProperty("java.io.tmpdir")) : given;
        directory = create(base);
        OWN.add(directory);
        lock = lock();
    }

    private static Path create(Path base) throws IOException {
        try {
            Files.createDirectories(base);
            removeLeftOvers(base);
            return Files.createTempDirectory(base, PREFIX).toAbsolutePath();
        } catch (FileSystemException e) {
            throw new IllegalArgumentException(
                    "postern.spool.directory: uploads cannot be written to %s (%s); a container with a read-only file system needs a tmpfs or a volume there"
                            .formatted(
                                    base, e.getReason() == null ? e.getMessage() : e.getReason()),
                    e);
        }
    }

    /** The file is locked before it becomes visible to other processes. */
    private FileChannel lock() throws IOException {
        var unseen = directory.resolve(LOCK + ".new");
        var channel =
                FileChannel.open(unseen, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        Files.move(unseen, directory.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        return channel;
    }

    private static void removeLeftOvers(Path base) throws IOException {
        try (var others = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (var other : others) {
                if (!OWN.contains(other.toAbsolutePath())) {
                    removeLeftOver(other);
                }
            }
        }
    }

    private static void removeLeftOver(Path other) {
        try (var channel = FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                FileSystemUtils.deleteRecursively(other);
            }
        } catch (OverlappingFileLockException | NoSuchFileException _) {
            // it belongs to this process or to one that is just starting
        } catch (IOException e) {
            log.warn("what another process left of uploads stays: {}", e.getClass().getName());
        }
    }

    /** The upper bound in octets. */
    public long most() {
        return most;
    }

    /** The directory for the files of uploads. */
    public Path directory() {
        return directory;
    }

    public Path newFile() throws IOException {
        return Files.createTempFile(directory, "", "");
    }

    /** Reserves octets; throws {@link SpoolFull} if they exceed the bound. */
    public void take(long octets) {
        if (taken.addAndGet(octets) > most) {
            taken.addAndGet(-octets);
            throw new SpoolFull();
        }
    }

    public void giveBack(long octets) {
        taken.addAndGet(-octets);
    }

    /** Reserves octets until the request ends, for files that the web server stores. */
    public void takeFor(HttpServletRequest request, long octets) {
        if (request.getAttribute(TAKEN) == null) {
            take(octets);
            request.setAttribute(TAKEN, octets);
        }
    }

    /** Releases what was reserved for a request, at its end. */
    public void giveBackOf(HttpServletRequest request) {
        if (request.getAttribute(TAKEN) instanceof Long octets) {
            request.removeAttribute(TAKEN);
            giveBack(octets);
        }
    }

    /** The number of octets reserved. */
    public long taken() {
        return taken.get();
    }

    @Override
    public void close() throws IOException {
        lock.close();
        FileSystemUtils.deleteRecursively(directory);
        OWN.remove(directory);
    }
}
