package postern.demo;

import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import postern.PosternApplication;

/** Starts the service with a mailbox to try it on: {@code mvn spring-boot:test-run}. */
public class DemoPostern {
    private DemoPostern() {}

    public static void main(String[] args) {
        SpringApplication.from(PosternApplication::main)
                .with(DemoMailbox.class, DemoGreeting.class)
                .run(withInbox(args));
    }

    /** Not among the properties of the demo mailbox, which come too late for conditions. */
    private static String[] withInbox(String[] args) {
        return Stream.concat(Stream.of("--postern.inbox.enabled=true"), Stream.of(args))
                .toArray(String[]::new);
    }
}
