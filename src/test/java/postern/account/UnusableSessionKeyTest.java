package postern.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import postern.PosternApplication;

@ExtendWith(OutputCaptureExtension.class)
class UnusableSessionKeyTest {

    @Test
    void isToldInAFewLinesThatDoNotShowIt(CapturedOutput console) {
        var failure =
                catchThrowable(() ->
                        new SpringApplication(PosternApplication.class)
                                .run("--postern.session.keys=not-a-key", "--server.port=0"));

        assertThat(failure).isNotNull();
        assertThat(console.getAll())
                .contains("postern.session.keys", "openssl rand -base64 32")
                .doesNotContain("not-a-key", "\tat ");
    }
}
