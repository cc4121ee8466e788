import com.google.gson.Gson;
import module java.base;
import module java.net.http;

/** Uploads the file on the command line into a draft, and sends the draft. */
class Send {
    public static void main(String[] arguments) throws Exception {
        var postern = new Postern();
        postern.logIn();

        var file = Path.of(arguments.length > 0 ? arguments[0] : "Send.java");
        var name = file.getFileName().toString().replace("\"", "");
        var address = List.of(Map.of("email", Postern.setting("POSTERN_ADDRESS", "demo@example.org")));
        var message = Map.of(
                "from", address,
                "to", address,
                "subject", "Hello from Java",
                "text", "A file is attached.",
                "attachments", List.of(Map.of("part", "file", "name", name)));
        var boundary = UUID.randomUUID().toString();
        var head = """
                --%1$s\r
                Content-Disposition: form-data; name="message"\r
                Content-Type: application/json\r
                \r
                %2$s\r
                --%1$s\r
                Content-Disposition: form-data; name="file"; filename="%3$s"\r
                Content-Type: application/octet-stream\r
                \r
                """.formatted(boundary, new Gson().toJson(message), name);
        var form = HttpRequest.BodyPublishers.concat(
                HttpRequest.BodyPublishers.ofString(head),
                HttpRequest.BodyPublishers.ofFile(file), // read while it is sent
                HttpRequest.BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        var type = "multipart/form-data; boundary=" + boundary;
        var draft = postern.call("POST", "/mailboxes/drafts/messages", type, form, UUID.randomUUID().toString());
        System.out.println("stored: " + draft.get("id").getAsString());

        // An app that may be killed now stores the key first, and repeats the request with it when it runs again.
        var key = UUID.randomUUID().toString();
        var path = "/messages/" + draft.get("id").getAsString() + "/send";
        var sent = postern.call("POST", path, "application/json", HttpRequest.BodyPublishers.ofString("{}"), key);
        System.out.println("sent to: " + sent.get("recipients") + " copy: " + sent.get("copy"));

        postern.call("DELETE", "/sessions/current", null);
    }
}
