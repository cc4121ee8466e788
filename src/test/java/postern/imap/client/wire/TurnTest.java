package postern.imap.client.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnTest {

    private static final int HOPS = 20;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final ArrayList<Thread> busy = new ArrayList<>();

    @Test
    void threadsThatNeverWaitLetTheOthersRun() throws InterruptedException {
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(Thread.startVirtualThread(this::computeWithoutEnd));
        }
        var done = new CountDownLatch(2);
        var hops = new Exchanger<Integer>();
        Runnable waitsForTheOther =
                () -> {
                    try {
                        for (int i = 0; i < HOPS; i++) {
                            hops.exchange(i);
                        }
                        done.countDown();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                };
        Thread.startVirtualThread(waitsForTheOther);
        Thread.ofPlatform().daemon().start(waitsForTheOther);

        assertThat(done.await(60, SECONDS)).isTrue();
    }

    private void computeWithoutEnd() {
        var turn = new Turn();
        while (!ended.get()) {
            turn.giveWay();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        ended.set(true);
        for (var thread : busy) {
            thread.join();
        }
    }
}
