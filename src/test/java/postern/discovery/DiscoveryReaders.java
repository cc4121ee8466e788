package postern.discovery;

import java.util.List;
import postern.egress.DomainName;
import postern.fuzz.FuzzTarget;

/** The reader of autoconfig files, as a fuzz target. */
public final class DiscoveryReaders {

    private static final DomainName DOMAIN = new DomainName("house.example");

    private DiscoveryReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("autoconfig", it -> Autoconfig.read(it, DOMAIN).toString())
                        .of(AutoconfigTest.WHOLE, "<a>", "<clientConfig/>", "&a;", "<!"));
    }
}
