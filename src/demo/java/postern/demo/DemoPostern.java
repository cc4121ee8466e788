package postern.demo;

import org.springframework.boot.SpringApplication;
import postern.PosternApplication;

/** Starts the service with a mailbox to try it on: {@code mvn spring-boot:test-run}. */
public class DemoPostern {
    private DemoPostern() {}

    public static void main(String[] args) {
        SpringApplication.from(PosternApplication::main)
                .with(DemoMailbox.class, DemoGreeting.class)
                .run(args);
    }
}
