package postern.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;

/** Starts the whole service with an in-process IMAP server as its default server. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest
@AutoConfigureMockMvc
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
public @interface OnGreenMail {

    /** Points the service to the in-process server. */
    final class Server implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            var server = InMemoryServer.GREENMAIL;
            TestPropertyValues.of(
                            "postern.imap.host=" + server.host(),
                            "postern.imap.port=" + server.port(),
                            "postern.imap.security=none")
                    .applyTo(context);
        }
    }
}
