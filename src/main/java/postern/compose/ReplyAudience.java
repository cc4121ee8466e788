package postern.compose;

import com.fasterxml.jackson.annotation.JsonValue;

/// `author`: who wrote it (Mail-Reply-To, else From). `replyTo`: whom the author wants to get
/// answers (Mail-Reply-To, else Reply-To, else From). `list`: the mailing list that it came from
/// (List-Post). `all`: everybody who got it (Mail-Followup-To, else as `replyTo`, and To and Cc
/// besides).
enum ReplyAudience {
    AUTHOR("author"),
    REPLY_TO("replyTo"),
    LIST("list"),
    ALL("all");

    private final String id;

    ReplyAudience(String id) {
        this.id = id;
    }

    @JsonValue
    String id() {
        return id;
    }
}
