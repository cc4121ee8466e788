package postern.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class EndpointTest {

    private static String path(String uri) {
        return Endpoint.atPublicHost(URI.create(uri)).path();
    }

    /** An octet that is lost would make it another request. */
    @Test
    void whatIsNotAsciiIsEncodedInThePath() {
        assertThat(path("https://lists.example/\u00fc/leave?who=\u00e4%2B"))
                .isEqualTo("/%C3%BC/leave?who=%C3%A4%2B");
    }

    @Test
    void allElseIsAsTheUrlSays() {
        assertThat(path("https://lists.example")).isEqualTo("/");
        assertThat(path("https://lists.example/a%20b;c?d=e&f=%2f?"))
                .isEqualTo("/a%20b;c?d=e&f=%2f?");
    }
}
