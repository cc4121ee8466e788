package postern.message;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.message.part.PartNames;
import postern.message.part.TextContent;

/// How the message says to be signed or encrypted. Nothing is verified and nothing is decrypted:
/// its parts, and the message as it is, can be downloaded for that.
///
/// @param detached Whether the signature stands beside what is signed, which can be read without
///   it.
/// @param partId The part with the signature, or with what is encrypted; absent where it stands
///   within the text.
/// @param micalg The hash of the signature, as the message names it.
record MessageSecurity(
        Kind kind,
        Protocol protocol,
        boolean detached,
        @Schema(example = "2") @Nullable String partId,
        @Schema(example = "pgp-sha256") @Nullable String micalg) {

    private static final String PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----";

    /// What was done to the message.
    @Schema(name = "MessageSecurityKind")
    enum Kind {
        SIGNED,
        ENCRYPTED,
        SIGNED_AND_ENCRYPTED;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// S/MIME (RFC 8551) or OpenPGP (RFC 3156).
    @Schema(name = "MessageSecurityProtocol")
    enum Protocol {
        SMIME,
        OPENPGP;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param text the text that was read: it may contain an inline signature
     */
    static @Nullable MessageSecurity of(@Nullable BodyPart structure, @Nullable TextContent text) {
        if (structure != null) {
            var parts = structure.walkBody().toList();
            for (var part : parts) {
                var security = of(part);
                if (security != null) {
                    return security.kind == Kind.SIGNED
                                    && part.walkBody().anyMatch(MessageSecurity::encrypts)
                            ? security.with(Kind.SIGNED_AND_ENCRYPTED)
                            : security;
                }
            }
        }
        return text == null ? null : inline(text.content());
    }

    private static @Nullable MessageSecurity of(BodyPart part) {
        var parameters = PartNames.parameters(part);
        return switch (part.mediaType()) {
            case "multipart/signed" ->
                    part.children().size() < 2
                            ? null
                            : new MessageSecurity(
                                    Kind.SIGNED,
                                    protocol(parameters.get("protocol"), part.children().get(1)),
                                    true,
                                    part.children().get(1).partId(),
                                    parameters.get("micalg"));
            case "multipart/encrypted" ->
                    new MessageSecurity(
                            Kind.ENCRYPTED,
                            protocol(parameters.get("protocol"), part),
                            false,
                            part.children().isEmpty() ? null : part.children().getLast().partId(),
                            null);
            // Exchange rewrites multipart/encrypted as multipart/mixed.
            case "multipart/mixed" ->
                    part.children().size() > 1
                                    && part.children().stream()
                                            .anyMatch(c ->
                                                    c.mediaType()
                                                            .equals("application/pgp-encrypted"))
                            ? new MessageSecurity(
                                    Kind.ENCRYPTED,
                                    Protocol.OPENPGP,
                                    false,
                                    part.children().getLast().partId(),
                                    null)
                            : null;
            case "application/pkcs7-mime", "application/x-pkcs7-mime" ->
                    smime(part, parameters.get("smime-type"));
            default -> null;
        };
    }

    private static @Nullable MessageSecurity smime(BodyPart part, @Nullable String type) {
        var kind =
                switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
                    case "signed-data", "signed-receipt" -> Kind.SIGNED;
                    case "certs-only", "compressed-data" -> null;
                    default -> Kind.ENCRYPTED;
                };
        return kind == null
                ? null
                : new MessageSecurity(kind, Protocol.SMIME, false, part.partId(), null);
    }

    private static boolean encrypts(BodyPart part) {
        var security = part.mediaType().equals("multipart/signed") ? null : of(part);
        return security != null && security.kind == Kind.ENCRYPTED;
    }

    private static Protocol protocol(@Nullable String named, BodyPart part) {
        var name = (named == null ? part.mediaType() : named).toLowerCase(Locale.ROOT);
        return name.contains("pkcs7") ? Protocol.SMIME : Protocol.OPENPGP;
    }

    private MessageSecurity with(Kind other) {
        return new MessageSecurity(other, protocol, detached, partId, micalg);
    }

    private static @Nullable MessageSecurity inline(String text) {
        Kind kind = null;
        if (startsALine(text, PGP_MESSAGE)) {
            kind = Kind.ENCRYPTED;
        } else if (startsALine(text, PGP_SIGNED)) {
            kind = Kind.SIGNED;
        }
        return kind == null ? null : new MessageSecurity(kind, Protocol.OPENPGP, false, null, null);
    }

    private static boolean startsALine(String text, String armour) {
        return text.startsWith(armour) || text.contains("\n" + armour);
    }
}
