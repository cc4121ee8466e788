package postern.imap;

import java.time.Duration;

/** The time between two looks at a mail server, for something that is not there yet. */
public final class Pause {

    private Pause() {}

    /** If the thread is interrupted it stays so, and its next command to the mail server ends. */
    public static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
