package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Tries the addresses of a host one after the other, until one succeeds. */
final class AddressAttempts {

    private AddressAttempts() {}

    /**
     * What is tried with an address.
     *
     * @param <T> its result
     */
    interface Attempt<T> {

        /**
         * Throws {@link FetchFailed} where no other address is to be tried.
         *
         * @param connected by when the connection must be open
         */
        T to(InetAddress address, Deadline connected) throws IOException;
    }

    /**
     * The first result; throws what the last attempt did.
     *
     * @param most upper bound on the addresses that are tried; each has its part of the time that
     *     is left
     */
    static <T> T first(List<InetAddress> addresses, int most, Deadline deadline, Attempt<T> attempt)
            throws IOException {
        IOException failure = new FetchFailed("the host has no address");
        int untried = Math.min(most, addresses.size());
        for (var address : addresses.subList(0, untried)) {
            try {
                return attempt.to(address, deadline.ofFirst(untried--));
            } catch (FetchFailed e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }
}
