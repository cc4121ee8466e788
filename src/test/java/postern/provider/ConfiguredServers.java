package postern.provider;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import postern.account.ImapProperties;
import postern.account.Security;

/** Mail servers as an operator configures them, without Spring. */
public final class ConfiguredServers {

    private ConfiguredServers() {}

    /** Of lines such as {@code servers.work.host=imap.work.example}, below {@code postern}. */
    public static MailServers of(String... properties) {
        var values =
                Arrays.stream(properties)
                        .map(it -> it.split("=", 2))
                        .collect(Collectors.toMap(it -> "postern." + it[0], it -> it[1]));
        var bound =
                new Binder(new MapConfigurationPropertySource(Map.copyOf(values)))
                        .bindOrCreate("postern", MailServerProperties.class);
        return new MailServers(
                new ImapProperties("mail.example.org", null, Security.TLS, null),
                SubmissionProperties.NONE,
                bound);
    }
}
