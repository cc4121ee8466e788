package postern;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service; nothing else lives here. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class PosternApplication {

    /** Of the JDK; as a system property the operator may set it. */
    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    public static void main(String[] args) {
        moreCarriersThanProcessors();
        SpringApplication.run(PosternApplication.class, args);
    }

    /**
     * Virtual threads are not preempted, but their carriers are: with more of them than processors,
     * two requests that compute for long (HTML, charsets) do not keep all others waiting. Set
     * before the first virtual thread exists, which reads it.
     */
    private static void moreCarriersThanProcessors() {
        if (System.getProperty(CARRIERS) == null) {
            int carriers = Math.max(8, 4 * Runtime.getRuntime().availableProcessors());
            System.setProperty(CARRIERS, Integer.toString(Math.min(256, carriers)));
        }
    }
}
