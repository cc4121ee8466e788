package postern.message.part;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import postern.imap.message.BodyPart;

/// What an attachment is: a file; a message (RFC 822); a calendar object; a delivery report or the
/// like; the signature of signed mail; the content of encrypted mail; or `tnef`, the winmail.dat in
/// which Outlook packs formatting and files.
public enum AttachmentKind {
    FILE,
    MESSAGE,
    CALENDAR,
    REPORT,
    SIGNATURE,
    ENCRYPTED,
    TNEF;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static AttachmentKind of(BodyPart part) {
        return switch (part.mediaType()) {
            case "message/rfc822", "message/global" -> MESSAGE;
            case "text/calendar", "application/ics" -> CALENDAR;
            case "message/delivery-status",
                    "message/global-delivery-status",
                    "message/disposition-notification",
                    "message/global-disposition-notification",
                    "message/feedback-report",
                    "text/rfc822-headers" ->
                    REPORT;
            case "application/pgp-signature",
                    "application/pkcs7-signature",
                    "application/x-pkcs7-signature" ->
                    SIGNATURE;
            case "application/pgp-encrypted",
                    "application/pkcs7-mime",
                    "application/x-pkcs7-mime" ->
                    ENCRYPTED;
            case "application/ms-tnef", "application/vnd.ms-tnef" -> TNEF;
            default ->
                    part.type().equals("application")
                                    && "winmail.dat".equalsIgnoreCase(PartNames.declared(part))
                            ? TNEF
                            : FILE;
        };
    }
}
