package postern.compose;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// `auto`: a sent message is stored in the mailbox of sent mail, unless the provider is known to do
/// that by itself, or a message with its Message-ID is there already. `always`: it is stored in any
/// case. `never`: it is not.
public enum SaveCopy {
    AUTO,
    ALWAYS,
    NEVER;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
