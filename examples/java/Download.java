import com.google.gson.JsonParser;
import module java.base;

/** Downloads an attachment to a file in a new folder, with progress, in constant memory. A download that breaks is resumed. */
class Download {
    private static long octets;
    private static String etag = "";

    public static void main(String[] arguments) throws Exception {
        var postern = new Postern();
        postern.logIn();

        var search = """
                {"filter": {"hasAttachment": true}, "fields": ["id", "attachments"], "limit": 1}
                """;
        var found = postern.call("POST", "/search", JsonParser.parseString(search).getAsJsonObject());
        var message = found.getAsJsonArray("items").get(0).getAsJsonObject();
        var attachment = message.getAsJsonArray("attachments").get(0).getAsJsonObject();
        var name = attachment.has("name") ? attachment.get("name").getAsString() : "attachment";
        // The sender chose the name: it must not hide the file, leave the folder, or replace a file that is there
        var safe = name.substring(Math.max(0, name.length() - 60))
                .replaceAll("[^\\p{L}\\p{N}._-]+", "_").replaceAll("^[.-]+", "");
        var folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "download-");
        var file = folder.resolve(safe.isEmpty() ? "attachment" : safe);
        var path = "/messages/" + message.get("id").getAsString() + "/parts/" + attachment.get("partId").getAsString();
        Postern.repeat(false, () -> {
            download(postern, path, file);
            return file;
        });
        System.out.println();

        postern.call("DELETE", "/sessions/current", null);
    }

    private static void download(Postern postern, String path, Path file) throws Exception {
        var request = postern.request(path);
        // If-Range: a file that has changed meanwhile comes whole
        if (octets > 0 && !etag.isEmpty()) request.header("Range", "bytes=" + octets + "-").header("If-Range", etag);
        var answer = postern.send(request);
        if (answer.statusCode() != 206) octets = 0;
        etag = answer.headers().firstValue("ETag").orElse("");
        var length = answer.headers().firstValueAsLong("Content-Length"); // absent where it is not known
        var total = length.isPresent() ? octets + length.getAsLong() : "?";
        try (var body = answer.body(); var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(octets);
            out.seek(octets);
            var buffer = new byte[16 * 1024];
            for (int read; (read = body.read(buffer)) >= 0; ) {
                out.write(buffer, 0, read);
                octets += read;
                System.out.printf("\r%s: %d of %s octets", file, octets, total);
            }
        }
    }
}
