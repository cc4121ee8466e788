package postern.web;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Marks the answer to a request as a file, which is sent as it is: its length is announced, parts
 * of it can be asked for, and most files are compressed already.
 */
public final class Uncoded {

    /** The attribute of the request that says so. */
    public static final String ATTRIBUTE = Uncoded.class.getName();

    private Uncoded() {}

    public static void mark(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, true);
    }
}
