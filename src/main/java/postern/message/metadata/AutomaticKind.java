package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import postern.imap.message.SearchTerm;

/// How a message tells that it should get no automatic answer. `auto-replied`: a program has
/// answered (Auto-Submitted, RFC 3834; X-Autoreply, X-Autorespond). `auto-generated`: a program has
/// written it without being asked (Auto-Submitted with any other word but `no`). `vacation`: the
/// answer of somebody who is away. `bulk`: it went to many (Precedence `bulk` or `junk`, or
/// List-Unsubscribe). `list`: it came by a mailing list (List-Id, List-Post, or Precedence `list`).
/// `report`: a delivery report, a receipt or a complaint (Content-Type). `null-return-path`: nobody
/// wants to hear of failures (Return-Path `<>`). `reply-suppressed`: the sender asks programs not
/// to answer (X-Auto-Response-Suppress).
public enum AutomaticKind {
    AUTO_REPLIED(
            header("Auto-Submitted", "auto-replied"),
            header("X-Autoreply", ""),
            header("X-Autorespond", ""),
            header("Precedence", "auto_reply")),
    AUTO_GENERATED(header("Auto-Submitted", "")),
    VACATION(
            header("Auto-Submitted", "vacation"),
            header("X-Autoreply", ""),
            header("X-Autorespond", "")),
    BULK(
            header("Precedence", "bulk"),
            header("Precedence", "junk"),
            header("List-Unsubscribe", "")),
    LIST(header("List-Id", ""), header("List-Post", ""), header("Precedence", "list")),
    REPORT(
            header("Content-Type", "multipart/report"),
            header("Content-Type", "delivery-status"),
            header("Content-Type", "disposition-notification"),
            header("Content-Type", "feedback-report")),
    NULL_RETURN_PATH(header("Return-Path", "<>")),
    REPLY_SUPPRESSED(header("X-Auto-Response-Suppress", ""));

    private final List<SearchTerm> signs;

    AutomaticKind(SearchTerm... signs) {
        this.signs = List.of(signs);
    }

    private static SearchTerm header(String name, String text) {
        return new SearchTerm.Header(name, text);
    }

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A message of this kind has at least one of these; others may have one, too. */
    public List<SearchTerm> signs() {
        return signs;
    }
}
