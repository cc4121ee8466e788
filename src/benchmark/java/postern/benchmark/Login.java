package postern.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** A user of the mail server, with the Authorization header for the gateway. */
record Login(String user, String password) {

    String authorization() {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }
}
