import module java.base;

/**
 * Keeps a list of the inbox, and asks what changed whenever an event says that something did. It ends when a message with
 * the subject on the command line has come. ../mailbox-copy.ts applies the events themselves.
 */
class Follow {
    public static void main(String[] arguments) throws Exception {
        var postern = new Postern();
        postern.logIn();
        var inbox = new Inbox(postern);
        var subject = arguments.length > 0 ? arguments[0] : null;
        while (!has(inbox, subject)) {
            try {
                if (inbox.state == null) inbox.list();
                listen(postern, inbox);
                inbox.sync(); // of a later time than the stream: the next one begins with the state of the list
            } catch (Problem problem) {
                if (problem.status == 410) inbox.state = null; // too old: list anew
                else if (problem.status == 401) postern.logIn(); // the session has ended
                else if (!problem.retryable) throw problem;
            } catch (IOException | ExecutionException | TimeoutException lost) {
                System.err.println("connecting again: " + lost.getMessage());
            }
            Thread.sleep(1000 + (long) (2000 * Math.random()));
        }
    }

    /** Until something has changed, the stream ends, or nothing has come for a minute: a comment comes every 15 seconds. */
    private static void listen(Postern postern, Inbox inbox) throws Exception {
        var since = URLEncoder.encode(inbox.state, StandardCharsets.UTF_8); // so that nothing is missed
        var request = postern.request("/events?mailboxId=inbox&since=" + since);
        try (var reading = Executors.newVirtualThreadPerTaskExecutor();
                var body = postern.send(request).body()) {
            var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            while (true) {
                var line = reading.submit(lines::readLine).get(1, TimeUnit.MINUTES);
                if (line == null || line.startsWith("event: message.") || line.startsWith("event: resync")) return;
            }
        }
    }

    private static boolean has(Inbox inbox, String subject) {
        return subject != null && inbox.rows.values().stream().anyMatch(row -> subject.equals(row.subject()));
    }
}
