package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/** DNS by way of the JDK's own client. */
public final class JndiDns implements Dns {

    private static final String FIRST_TIMEOUT = "700";
    private static final String TRIES = "2";

    /** More records than this are not looked at. */
    private static final int MOST = 20;

    private final Hashtable<String, String> environment = new Hashtable<>();

    /**
     * @param server host and port of the DNS server; null for those of the system
     */
    public JndiDns(@Nullable String server) {
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, server == null ? "dns:" : "dns://" + server);
        environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TIMEOUT);
        environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
    }

    @Override
    public List<InetAddress> addresses(DomainName host) throws IOException {
        var addresses = new ArrayList<InetAddress>();
        for (var type : List.of("A", "AAAA")) {
            for (var text : records(host.text(), type)) {
                addresses.add(InetAddress.ofLiteral(text));
            }
        }
        return addresses;
    }

    @Override
    public List<Service> services(String name) throws IOException {
        var services = new ArrayList<Srv>();
        for (var text : records(name, "SRV")) {
            Srv.parse(text).ifPresent(services::add);
        }
        return services.stream()
                .sorted(
                        Comparator.comparingInt(Srv::priority)
                                .thenComparing(Srv::weight, Comparator.reverseOrder()))
                .map(Srv::service)
                .toList();
    }

    @Override
    public List<DomainName> mailExchangers(DomainName domain) throws IOException {
        return records(domain.text(), "MX").stream()
                .map(text -> text.split(" ", 2))
                .filter(words -> words.length == 2 && words[0].matches("\\d{1,5}"))
                .sorted(Comparator.comparingInt(words -> Integer.parseInt(words[0])))
                .flatMap(words -> DomainName.parse(withoutDot(words[1])).stream())
                .toList();
    }

    // What is dangerous about JNDI are objects that a name leads to. The DNS provider makes strings
    // of records, and names come here checked, never as URLs.
    @SuppressWarnings("BanJNDI")
    private List<String> records(String name, String type) throws IOException {
        try {
            var context = new InitialDirContext(environment);
            try {
                // The dot at the end keeps search lists away.
                var found = context.getAttributes(name + ".", new String[] {type}).get(type);
                var records = new ArrayList<String>();
                for (int i = 0; found != null && i < Math.min(MOST, found.size()); i++) {
                    records.add(String.valueOf(found.get(i)));
                }
                return records;
            } finally {
                context.close();
            }
        } catch (NameNotFoundException _) {
            return List.of();
        } catch (CommunicationException e) {
            throw new IOException("the DNS server does not answer", e);
        } catch (NamingException e) {
            throw new IOException("the DNS server refuses", e);
        }
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private record Srv(int priority, int weight, int port, String target) {

        static Optional<Srv> parse(String text) {
            if (!text.matches("\\d{1,5} \\d{1,5} \\d{1,5} \\S+")) {
                return Optional.empty();
            }
            var words = text.split(" ", 4);
            var record =
                    new Srv(
                            Integer.parseInt(words[0]),
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            words[3]);
            // A target that is no public name is a record that leads nowhere.
            return record.none() || record.service().host().isPresent()
                    ? Optional.of(record)
                    : Optional.empty();
        }

        private boolean none() {
            return target.equals(".");
        }

        Service service() {
            return new Service(
                    none() ? Optional.empty() : DomainName.parse(withoutDot(target)), port);
        }
    }
}
