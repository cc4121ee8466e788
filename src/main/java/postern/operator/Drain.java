package postern.operator;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Goes on taking requests for a while when the process shall end, and says that it is not ready.
 * Otherwise a load balancer would send requests to a port that is closed already.
 */
@Component
final class Drain implements SmartLifecycle {

    private final ShutdownProperties properties;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    Drain(ShutdownProperties properties, ApplicationEventPublisher events) {
        this.properties = properties;
        this.events = events;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (properties.drain().isZero()) {
            return;
        }
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        try {
            Thread.sleep(properties.drain());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops first: streams of events end after it, and then the web server takes no more. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
