package postern.compose;

import jakarta.servlet.MultipartConfigElement;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How the web server takes in the files of a form: on disk, and not without end. */
@Configuration(proxyBeanMethods = false)
class UploadConfiguration {

    @Bean
    MultipartConfigElement multipartConfigElement(ComposeProperties limits) {
        long most = limits.maxUpload().toBytes();
        var directory = limits.spoolDirectory();
        return new MultipartConfigElement(
                directory == null ? System.getProperty("java.io.tmpdir") : directory.toString(),
                most,
                most,
                0);
    }
}
