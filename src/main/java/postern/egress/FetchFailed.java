package postern.egress;

import java.io.IOException;

/** A host did not answer with a file, or must not be asked. */
public final class FetchFailed extends IOException {

    FetchFailed(String message) {
        super(message);
    }
}
