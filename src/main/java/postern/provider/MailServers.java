package postern.provider;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import postern.account.AllowedServers;
import postern.account.ImapProperties;
import postern.account.ImapServer;
import postern.proxy.OutboundProxy;

/**
 * All mail servers that the gateway knows. It connects to those that the operator configured and to
 * the presets that the operator allows; a caller names one of them, and a host only where the
 * operator has switched on the free choice.
 */
@Component
public final class MailServers implements AllowedServers {

    /** The name of the server of {@code postern.imap}. */
    public static final String DEFAULT = "default";

    private static final String ALL = "all";

    /** By name; configured ones first, which hide presets of the same name. */
    private final Map<String, MailServer> servers = new LinkedHashMap<>();

    /** By the name of the server, or {@link #ALL}. */
    private final Map<String, OutboundProxy> proxies = new HashMap<>();

    private final Set<String> toldOfClients = new HashSet<>();
    private final FreeChoice freeChoice;

    @Autowired
    MailServers(
            ImapProperties imap,
            SubmissionProperties submission,
            MailServerProperties properties,
            FreeChoiceProperties freeChoice) {
        this(configured(imap, submission), properties, freeChoice);
    }

    MailServers(
            ImapProperties imap, SubmissionProperties submission, MailServerProperties properties) {
        this(imap, submission, properties, FreeChoiceProperties.off());
    }

    private MailServers(
            MailServer standard, MailServerProperties properties, FreeChoiceProperties chosen) {
        this.freeChoice = new FreeChoice(chosen);
        servers.put(DEFAULT, standard);
        new TreeMap<>(properties.servers())
                .forEach((name, server) -> {
                    Assert.isTrue(
                            !name.equals(DEFAULT),
                            "postern.servers.default: the default server is postern.imap");
                    var property = "postern.servers." + name;
                    servers.put(name, server.server(name, property, property + ".submission"));
                });
        var presets = new TreeMap<>(PresetsFile.read(PresetsFile.OURS));
        if (properties.presetsFile() != null) {
            presets.putAll(PresetsFile.read(properties.presetsFile()));
        }
        var allowed = Set.copyOf(properties.presets());
        for (var name : allowed) {
            Assert.isTrue(
                    name.equals(ALL) || presets.containsKey(name),
                    () ->
                            "postern.presets: there is no preset '%s', only %s"
                                    .formatted(name, String.join(", ", presets.keySet())));
        }
        presets.forEach((name, provider) ->
                servers.putIfAbsent(
                        name,
                        new MailServer(
                                name,
                                MailServer.Source.PRESET,
                                allowed.contains(name)
                                        || allowed.contains(ALL) && !provider.local(),
                                provider,
                                null)));
        properties.proxies().forEach(this::addProxy);
        properties.originatingIp().forEach(this::addToldOfClients);
    }

    private void addToldOfClients(String name) {
        Assert.isTrue(
                servers.containsKey(name),
                () -> "postern.originating-ip: there is no server or preset '%s'".formatted(name));
        toldOfClients.add(name);
    }

    private void addProxy(String name, String proxy) {
        var property = "postern.proxies." + name;
        Assert.isTrue(
                name.equals(ALL) || servers.containsKey(name),
                () -> property + ": there is no server or preset of this name");
        try {
            proxies.put(name, OutboundProxy.parse(proxy));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(property + ": " + e.getMessage(), e);
        }
    }

    /** One configured server and no allowed preset. */
    public static MailServers only(ImapServer imap) {
        return only(new ImapProperties(imap.host(), imap.port(), imap.security(), null));
    }

    /** One configured server and no allowed preset. */
    public static MailServers only(ImapProperties imap) {
        return only(imap, SubmissionProperties.NONE);
    }

    /** One configured server and no allowed preset. */
    public static MailServers only(ImapProperties imap, SubmissionProperties submission) {
        return new MailServers(
                imap,
                submission,
                new MailServerProperties(List.of(), null, Map.of(), Map.of(), List.of()));
    }

    private static MailServer configured(ImapProperties imap, SubmissionProperties submission) {
        var properties =
                new ServerProperties(
                        imap.host(),
                        imap.port(),
                        imap.security(),
                        List.of(),
                        imap.oauthIssuer(),
                        null,
                        null,
                        null,
                        Set.of(),
                        submission.host() == null ? null : submission);
        return properties.server(DEFAULT, "postern.imap", "postern.submission");
    }

    /** The server of a user name: that of its domain, else the default one. */
    public MailServer forUser(String user) {
        return Domains.of(user)
                .flatMap(domain -> ofDomain(domain, MailServer::allowed))
                .orElseGet(() -> servers.get(DEFAULT));
    }

    /** A server that the gateway knows, allowed or not. */
    public Optional<MailServer> named(String name) {
        return Optional.ofNullable(servers.get(name));
    }

    /** The servers that the gateway connects to, configured ones first. */
    public Stream<MailServer> allowed() {
        return stream().filter(MailServer::allowed);
    }

    /** The names of the servers that the gateway connects to. */
    public Set<String> names() {
        return allowed().map(MailServer::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean allows(ImapServer server) {
        return chosenByOperator(server) || freeChoice.permits(server);
    }

    private boolean chosenByOperator(ImapServer server) {
        return stream().anyMatch(it -> it.allowed() && sameAddress(it.imap(), server));
    }

    /** Whether the operator has chosen a server with this host, for reading or for sending. */
    public boolean usesHost(String host) {
        return allowed()
                .flatMap(it ->
                        Stream.concat(
                                Stream.of(it.imap().host()),
                                submission(it.imap()).map(SmtpServer::host).stream()))
                .anyMatch(host::equalsIgnoreCase);
    }

    /** Whether callers may name a mail server by its host. */
    public boolean freeChoice() {
        return freeChoice.enabled();
    }

    /**
     * Whether a caller has named this server, and nobody else. All such servers share their limits:
     * names cost nothing, so that a limit for each would be none.
     */
    public boolean namedByCaller(ImapServer server) {
        return freeChoice.enabled() && !chosenByOperator(server);
    }

    /** The most connections to all servers together that callers name. */
    public int maxConnectionsNamedByCallers() {
        return freeChoice.maxConnections();
    }

    /**
     * The public address of a server that a caller has named. Connect to it without another lookup.
     */
    public InetSocketAddress publicAddress(ImapServer server) throws IOException {
        return freeChoice.address(server);
    }

    /** What refused passwords are counted for, where one server may have many names. */
    public String guessedServer(ImapServer server) {
        return namedByCaller(server) ? FreeChoice.domain(server) : server.toString();
    }

    /**
     * Whether a server may be sent an access token: it is tied to the token's issuer, by the
     * operator or by an allowed preset. Any other server could use the token to read the user's
     * mail elsewhere.
     */
    public boolean takesAccessTokens(ImapServer server) {
        return stream()
                .filter(it -> it.allowed() && sameAddress(it.imap(), server))
                .anyMatch(it -> it.provider().oauth() != null);
    }

    /** Whether a server may be sent the access tokens of this issuer. */
    public boolean takesAccessTokensOf(URI issuer, ImapServer server) {
        return stream()
                .filter(it -> it.allowed() && sameAddress(it.imap(), server))
                .map(it -> it.provider().oauth())
                .anyMatch(oauth -> oauth != null && oauth.issuer().equals(issuer));
    }

    /** The server of a domain: a configured one, else an allowed preset, else any preset. */
    public Optional<MailServer> ofDomain(String domain) {
        return ofDomain(domain, MailServer::allowed).or(() -> ofDomain(domain, _ -> true));
    }

    private Optional<MailServer> ofDomain(String domain, Predicate<MailServer> which) {
        return stream()
                .filter(which)
                .filter(server -> server.provider().domains().contains(domain))
                .findFirst();
    }

    /** The provider whose MX host this is, a name in lower case. */
    public Optional<MailServer> ofMailExchanger(String host) {
        return allowedFirst().filter(server -> server.provider().exchangesMailAt(host)).findFirst();
    }

    /** What is known of the server at this address. */
    public Optional<MailServer> at(ImapServer address) {
        return allowedFirst().filter(it -> sameAddress(it.imap(), address)).findFirst();
    }

    /** How many connections one account may have there, or this many if nothing is known. */
    public int maxConnections(ImapServer address, int most) {
        return facts(address)
                .flatMap(provider -> Stream.ofNullable(provider.maxConnections()))
                .findFirst()
                .map(known -> Math.min(known, most))
                .orElse(most);
    }

    /** After what time the server there ends a connection, if it is known. */
    public Optional<Duration> longestSession(ImapServer address) {
        return facts(address).flatMap(provider -> provider.shortestSession().stream()).findFirst();
    }

    /** The capabilities that are not to be used there. */
    public Set<String> disabledExtensions(ImapServer address) {
        return facts(address)
                .flatMap(provider -> provider.disabledExtensions().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What a user must do before logging in there, if anything is known of it. */
    public Optional<String> userMust(ImapServer address) {
        return facts(address)
                .flatMap(provider -> Stream.ofNullable(provider.userMust()))
                .findFirst();
    }

    /** Names of special mailboxes that nobody could guess, by role. */
    public Map<String, String> specialMailboxes(ImapServer address) {
        var names = new HashMap<String, String>();
        facts(address).forEach(provider -> provider.specialMailboxes().forEach(names::putIfAbsent));
        return names;
    }

    /** Where users of the server there send, if it is known. */
    public Optional<SmtpServer> submission(ImapServer address) {
        return facts(address).flatMap(provider -> Stream.ofNullable(provider.smtp())).findFirst();
    }

    /** Who stores the copy of what is sent through this submission server, if it is known. */
    public Optional<SentCopy> sentCopy(SmtpServer submission) {
        return stream()
                .map(MailServer::provider)
                .filter(provider ->
                        provider.smtp() != null
                                && provider.smtp().host().equalsIgnoreCase(submission.host()))
                .flatMap(provider -> Stream.ofNullable(provider.sentCopy()))
                .findFirst();
    }

    /** The proxy through which the server there is reached; empty where it is reached directly. */
    public Optional<OutboundProxy> proxy(ImapServer address) {
        return stream()
                .filter(server -> server.allowed() && sameAddress(server.imap(), address))
                .flatMap(server -> Stream.ofNullable(proxies.get(server.name())))
                .findFirst()
                .or(() -> Optional.ofNullable(proxies.get(ALL)));
    }

    /** Whether the server is told the address of the client who logs in. */
    public boolean isToldOfClients(ImapServer address) {
        return stream()
                .anyMatch(server ->
                        server.allowed()
                                && toldOfClients.contains(server.name())
                                && sameAddress(server.imap(), address));
    }

    /** The name of the SSL bundle whose authorities are trusted there. */
    public Optional<String> sslBundle(ImapServer address) {
        return stream()
                .filter(server -> sameAddress(server.imap(), address))
                .flatMap(server -> Stream.ofNullable(server.sslBundle()))
                .findFirst();
    }

    /** The SSL bundles that configured servers name, by the property that names them. */
    Map<String, String> sslBundles() {
        var bundles = new TreeMap<String, String>();
        servers.forEach((name, server) -> {
            if (server.sslBundle() != null) {
                bundles.put("postern.servers." + name + ".ssl-bundle", server.sslBundle());
            }
        });
        return bundles;
    }

    /** A configured server has the facts of the preset with the same host, too, behind its own. */
    private Stream<Provider> facts(ImapServer address) {
        return stream()
                .map(MailServer::provider)
                .filter(provider -> sameAddress(provider.imap(), address));
    }

    private Stream<MailServer> stream() {
        return servers.values().stream();
    }

    private Stream<MailServer> allowedFirst() {
        return Stream.concat(
                stream().filter(MailServer::allowed), stream().filter(it -> !it.allowed()));
    }

    private static boolean sameAddress(ImapServer one, ImapServer other) {
        return one.host().equalsIgnoreCase(other.host())
                && one.port() == other.port()
                && one.security() == other.security();
    }
}
