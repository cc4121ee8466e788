package postern.provider;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import postern.account.ImapProperties;

/** Mail servers as properties configure them, without Spring. */
public final class KnownServers {

    private KnownServers() {}

    /** Of properties such as {@code postern.imap.host=imap.example.org}. */
    public static MailServers of(String... properties) {
        var values =
                Arrays.stream(properties)
                        .map(property -> property.split("=", 2))
                        .collect(Collectors.toMap(it -> it[0], it -> it[1]));
        var binder = new Binder(new MapConfigurationPropertySource(Map.copyOf(values)));
        return new MailServers(
                binder.bindOrCreate("postern.imap", ImapProperties.class),
                binder.bindOrCreate("postern.submission", SubmissionProperties.class),
                binder.bindOrCreate("postern", MailServerProperties.class),
                binder.bindOrCreate("postern.free-choice", FreeChoiceProperties.class));
    }
}
