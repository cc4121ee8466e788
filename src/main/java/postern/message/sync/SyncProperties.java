package postern.message.sync;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What changed in a mailbox.
 *
 * @param snapshotLifetime How long the gateway remembers which messages a mailbox had, where the
 *     mail server does not and the list is too long for the state itself. An app that asks later
 *     gets 410 {@code state-expired} and lists anew. Unit: time. Interplay: the memory for all of
 *     them is 64 MB.
 */
@ConfigurationProperties("postern.changes")
record SyncProperties(@DefaultValue("7d") Duration snapshotLifetime) {}
