package postern.demo;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Prints the URL of the demo and what to try first. */
class DemoGreeting {
    @EventListener
    @Order(Ordered.LOWEST_PRECEDENCE)
    void greet(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext() instanceof WebServerApplicationContext context) {
            var server = context.getWebServer();
            if (server != null) {
                System.out.println(greeting("http://localhost:" + server.getPort()));
            }
        }
    }

    static String greeting(String address) {
        return """

        Postern is ready at %1$s, in front of a demo mailbox (user demo, password demo).

          %1$s/inbox

          curl -u demo:demo '%1$s/v1/mailboxes/inbox/messages?limit=5'
          curl -u demo:demo %1$s/v1/send -H 'Content-Type: application/json' \\
               -d '{"from": [{"email": "demo@example.org"}], "to": [{"email": "demo@example.org"}], "subject": "Hello", "text": "me"}'

          %1$s/swagger-ui.html
        """
                .formatted(address);
    }
}
