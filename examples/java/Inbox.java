import com.google.gson.Gson;
import com.google.gson.JsonObject;
import module java.base;

/** A list of the inbox: read once, and then kept by asking what changed. */
class Inbox {
    record Row(String id, String subject, Map<String, Boolean> keywords) {}

    record Page(List<Row> items, List<Row> added, List<Row> updated, List<String> removed, String state, String nextCursor) {}

    private final Postern postern;
    final Map<String, Row> rows = new HashMap<>();
    String state; // an app that ends stores rows and state, together

    Inbox(Postern postern) {
        this.postern = postern;
    }

    void list() throws Exception {
        rows.clear();
        var query = "?withState=true&limit=500&fields=id,subject,keywords";
        var page = page("GET", "/messages" + query, null);
        for (var more = page; more != null; more = next(more, query)) {
            more.items().forEach(row -> rows.put(row.id(), row));
        }
        state = page.state(); // all pages have the same one
        System.out.println("listed: " + rows.size() + " messages");
    }

    private Page next(Page page, String query) throws Exception {
        return page.nextCursor() == null ? null : page("GET", "/messages" + query + "&cursor=" + page.nextCursor(), null);
    }

    void sync() throws Exception {
        var pages = new ArrayList<Page>(); // applied together, when the last one has come
        var question = new JsonObject();
        question.addProperty("since", state);
        do {
            if (!pages.isEmpty()) question.addProperty("cursor", pages.getLast().nextCursor());
            pages.add(page("POST", "/changes", question));
        } while (pages.getLast().nextCursor() != null);
        for (var page : pages) {
            for (var row : orNone(page.added())) {
                rows.put(row.id(), row);
                System.out.println("new: " + row.subject());
            }
            for (var change : orNone(page.updated())) {
                rows.computeIfPresent(change.id(), (id, row) -> new Row(id, row.subject(), change.keywords()));
            }
            orNone(page.removed()).forEach(rows::remove);
        }
        state = pages.getLast().state();
    }

    private Page page(String method, String path, JsonObject body) throws Exception {
        return new Gson().fromJson(postern.call(method, "/mailboxes/inbox" + path, body), Page.class);
    }

    private static <T> List<T> orNone(List<T> list) {
        return list == null ? List.of() : list;
    }
}
