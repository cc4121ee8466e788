import com.google.gson.JsonParser;

/** Logs in, lists the newest messages by pages, searches all mailboxes, and logs out. */
class ListMessages {
    public static void main(String[] arguments) throws Exception {
        var postern = new Postern();
        postern.logIn();

        var query = "?limit=10&fields=id,subject,receivedAt";
        for (int page = 1; page <= 2; page++) {
            var messages = postern.call("GET", "/mailboxes/inbox/messages" + query, null);
            for (var item : messages.getAsJsonArray("items")) {
                var message = item.getAsJsonObject();
                var subject = message.has("subject") ? message.get("subject").getAsString() : "(no subject)";
                System.out.println(message.get("receivedAt").getAsString() + " " + subject);
            }
            if (!messages.has("nextCursor")) break;
            // the next page is the same request with the cursor
            query = "?limit=10&fields=id,subject,receivedAt&cursor=" + messages.get("nextCursor").getAsString();
        }

        var unread = """
                {"filter": {"unseen": true, "since": "2020-01-01"}, "fields": ["subject"], "limit": 3}
                """;
        var found = postern.call("POST", "/search", JsonParser.parseString(unread).getAsJsonObject());
        found.getAsJsonArray("items").forEach(message -> System.out.println("unread: " + message));

        postern.call("DELETE", "/sessions/current", null);
    }
}
