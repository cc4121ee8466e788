package postern.compose;

import jakarta.servlet.MultipartConfigElement;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import postern.web.transfer.SpoolSpace;

/** Makes the web server store the files of a form on disk, within limits. */
@Configuration(proxyBeanMethods = false)
class UploadConfiguration {

    @Bean
    MultipartConfigElement multipartConfigElement(ComposeProperties limits, SpoolSpace space) {
        long most = limits.maxUpload().toBytes();
        // the files of a form and the message composed from them exist at the same time
        if (most > space.most() / 2) {
            throw new IllegalArgumentException(
                    "postern.spool.max-size must be at least twice postern.compose.max-upload");
        }
        return new MultipartConfigElement(space.directory().toString(), most, most, 0);
    }
}
