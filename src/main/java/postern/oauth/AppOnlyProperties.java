package postern.oauth;

import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose mailboxes a client opens without the users.
 *
 * @param domains The domains of these users, each written out. A domain does not stand for those
 *     below it.
 * @param apps The apps that may ask for it, by their names in {@code postern.app-keys}.
 * @param scopes The scopes that the client asks for, such as {@code
 *     https://outlook.office365.com/.default}.
 */
record AppOnlyProperties(
        @DefaultValue List<String> domains,
        @DefaultValue List<String> apps,
        @DefaultValue List<String> scopes) {}
