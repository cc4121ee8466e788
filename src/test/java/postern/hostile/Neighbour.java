package postern.hostile;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A user of an honest server, who asks all the while. */
final class Neighbour implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final List<Duration> times = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;
    private volatile boolean ended;

    Neighbour(HttpRequest request) {
        this.request = request;
        thread = Thread.ofPlatform().name("neighbour").start(this::ask);
    }

    private void ask() {
        while (!ended) {
            long started = System.nanoTime();
            try {
                var answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
                times.add(Duration.ofNanos(System.nanoTime() - started));
                Thread.sleep(20);
            } catch (IOException e) {
                failures.add(e.toString());
                return;
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    String summary() {
        var sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? "the neighbour had no answer"
                : "the neighbour had %d answers, p50 %d ms, p99 %d ms, longest %d ms"
                        .formatted(
                                sorted.size(),
                                sorted.get(sorted.size() / 2).toMillis(),
                                sorted.get(sorted.size() * 99 / 100).toMillis(),
                                sorted.getLast().toMillis());
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.join();
        http.close();
    }
}
