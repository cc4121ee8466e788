package postern.imap;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address of the client whose request a thread works for, for mail servers that are told who
 * logs in. Begins with {@link #begin} and ends with {@link #close}, on the thread of the request.
 */
public final class OriginatingAddress implements AutoCloseable {

    private static final ThreadLocal<@Nullable InetAddress> CURRENT = new ThreadLocal<>();

    private OriginatingAddress() {}

    /**
     * @param address what is no IP address, such as a name that a proxy gives its client, is not
     *     told to anybody
     */
    public static OriginatingAddress begin(String address) {
        try {
            CURRENT.set(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException _) {
            CURRENT.remove();
        }
        return new OriginatingAddress();
    }

    /** The address of this thread's request; empty outside of requests. */
    public static Optional<InetAddress> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The work, with the address of this thread's request when it runs on another thread. */
    public static Runnable shared(Runnable work) {
        return with(current(), work);
    }

    /** The work, for the client of another thread's request. */
    public static Runnable with(Optional<InetAddress> address, Runnable work) {
        return () -> {
            CURRENT.set(address.orElse(null));
            try {
                work.run();
            } finally {
                CURRENT.remove();
            }
        };
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}
