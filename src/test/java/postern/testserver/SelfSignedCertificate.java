package postern.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key and a certificate that nobody vouches for, in a file of PKCS 12. */
public final class SelfSignedCertificate {

    private static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";

    private final Path file;

    private SelfSignedCertificate(Path file) {
        this.file = file;
    }

    /**
     * @param names as keytool writes them: {@code dns:example.org}, {@code ip:127.0.0.1}
     */
    public static SelfSignedCertificate of(List<String> names) {
        try {
            var file = Files.createTempDirectory("certificate").resolve("keys.p12");
            var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            var made =
                    new ProcessBuilder(
                                    tool,
                                    "-genkeypair",
                                    "-alias",
                                    ALIAS,
                                    "-keyalg",
                                    "EC",
                                    "-dname",
                                    "CN=fake",
                                    "-ext",
                                    "san=" + String.join(",", names),
                                    "-keystore",
                                    file.toString(),
                                    "-storepass",
                                    PASSWORD)
                            .redirectErrorStream(true)
                            .start();
            made.getInputStream().readAllBytes();
            return new SelfSignedCertificate(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Properties of a Spring SSL bundle that trusts it. */
    public Map<String, String> bundle(String name) {
        var prefix = "spring.ssl.bundle.jks." + name + ".truststore.";
        return Map.of(prefix + "location", file.toUri().toString(), prefix + "password", PASSWORD);
    }

    /** Writes {@code certificate.pem} and {@code key.pem}. */
    public void writePem(Path directory) throws IOException, GeneralSecurityException {
        var store = store();
        write(
                directory.resolve("certificate.pem"),
                "CERTIFICATE",
                store.getCertificate(ALIAS).getEncoded());
        var key = store.getKey(ALIAS, PASSWORD.toCharArray());
        write(directory.resolve("key.pem"), "PRIVATE KEY", key.getEncoded());
    }

    private static void write(Path file, String label, byte[] octets) throws IOException {
        var text = Base64.getMimeEncoder().encodeToString(octets);
        Files.writeString(
                file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label));
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** For a server that has this certificate, and for clients that trust it and no other. */
    public SSLContext context() {
        try {
            var store = store();
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            var trusted =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
