package postern.discovery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import postern.account.ImapServer;
import postern.account.Security;
import postern.egress.DomainName;
import postern.provider.SignIn;
import postern.provider.SmtpServer;
import postern.provider.UsernameForm;

/**
 * Reads the autoconfig file of a domain (draft-ietf-mailmaint-autoconfig, version 1.1). Of OAuth
 * only the fact is read: a stranger's file must not send a user to a consent page of its own.
 */
final class Autoconfig {

    private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

    private final DomainName domain;

    private Autoconfig(DomainName domain) {
        this.domain = domain;
    }

    /** Empty if the file is not XML of this kind, or has no IMAP server that can be used. */
    static Optional<FoundServers.Foreign> read(byte[] file, DomainName domain) {
        try {
            var root = parse(file);
            var provider = children(root, "emailProvider").stream().findFirst();
            return root.getTagName().equals("clientConfig")
                    ? provider.flatMap(new Autoconfig(domain)::found)
                    : Optional.empty();
        } catch (SAXException | IOException _) {
            return Optional.empty();
        }
    }

    /** Without DOCTYPE there are neither entities nor anything external. */
    private static Element parse(byte[] file) throws SAXException, IOException {
        try {
            var factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature(NO_DOCTYPE, true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new ByteArrayInputStream(file)).getDocumentElement();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every JDK has these features", e);
        }
    }

    private Optional<FoundServers.Foreign> found(Element provider) {
        var smtp = first(provider, "outgoingServer", "smtp", this::smtp).orElse(null);
        return first(provider, "incomingServer", "imap", server -> imap(server, smtp));
    }

    private static <T> Optional<T> first(
            Element provider, String name, String type, Function<Element, Optional<T>> read) {
        return children(provider, name).stream()
                .filter(server -> server.getAttribute("type").equals(type))
                .flatMap(server -> read.apply(server).stream())
                .findFirst();
    }

    private Optional<FoundServers.Foreign> imap(Element server, @Nullable SmtpServer smtp) {
        var host = host(server);
        var port = port(server);
        var security = security(server);
        if (host.isEmpty() || port.isEmpty() || security.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new FoundServers.Foreign(
                        FoundServers.Source.AUTOCONFIG,
                        new ImapServer(host.get().text(), port.get(), security.get()),
                        smtp,
                        username(server),
                        signIn(server)));
    }

    private Optional<SmtpServer> smtp(Element server) {
        var host = host(server);
        var port = port(server);
        var security = security(server);
        if (host.isEmpty() || port.isEmpty() || security.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SmtpServer(host.get().text(), port.get(), security.get()));
    }

    private Optional<DomainName> host(Element server) {
        return text(server, "hostname")
                .flatMap(name -> DomainName.parse(name.replace("%EMAILDOMAIN%", domain.text())));
    }

    private static Optional<Integer> port(Element server) {
        return text(server, "port")
                .filter(port -> port.matches("\\d{1,5}"))
                .map(Integer::valueOf)
                .filter(port -> port >= 1 && port <= 65_535);
    }

    /** Servers without TLS are left out. */
    private static Optional<Security> security(Element server) {
        return text(server, "socketType")
                .flatMap(type ->
                        switch (type) {
                            case "SSL" -> Optional.of(Security.TLS);
                            case "STARTTLS" -> Optional.of(Security.STARTTLS);
                            default -> Optional.empty();
                        });
    }

    private static UsernameForm username(Element server) {
        return switch (text(server, "username").orElse("")) {
            case "%EMAILADDRESS%" -> UsernameForm.ADDRESS;
            case "%EMAILLOCALPART%" -> UsernameForm.LOCAL_PART;
            default -> UsernameForm.OTHER;
        };
    }

    private static Set<SignIn> signIn(Element server) {
        var ways = EnumSet.noneOf(SignIn.class);
        for (var way : children(server, "authentication")) {
            var name = way.getTextContent().strip().toLowerCase(Locale.ROOT);
            if (name.equals("oauth2")) {
                ways.add(SignIn.OAUTH);
            } else if (name.startsWith("password-")) {
                ways.add(SignIn.PASSWORD);
            }
        }
        return ways;
    }

    private static Optional<String> text(Element parent, String name) {
        return children(parent, name).stream()
                .findFirst()
                .map(child -> child.getTextContent().strip());
    }

    private static List<Element> children(Element parent, String name) {
        var children = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    /** The usual handler writes to the standard error. */
    private static final class Strict implements ErrorHandler {

        @Override
        public void warning(SAXParseException exception) {
            // not a reason to refuse the file
        }

        @Override
        public void error(SAXParseException exception) throws SAXException {
            throw exception;
        }

        @Override
        public void fatalError(SAXParseException exception) throws SAXException {
            throw exception;
        }
    }
}
