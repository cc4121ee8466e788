package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.AutomaticKind;
import postern.web.contract.Texts;

/// Which messages are meant. All that is given must hold, and `{}` is every message. `and`, `or`
/// and `not` hold filters in turn, up to eight levels and 100 conditions in all. Texts occur
/// anywhere in what they are compared with, in any case.
///
/// @param and All of these hold.
/// @param or At least one of these holds.
/// @param not This does not hold.
/// @param from Occurs in From.
/// @param to Occurs in To.
/// @param cc Occurs in Cc.
/// @param bcc Occurs in Bcc.
/// @param subject Occurs in Subject.
/// @param text Occurs anywhere in the message, its header included.
/// @param body Occurs in the message's body.
/// @param since Arrived then or later: an RFC 3339 date, which is a day of the mail server's, or a
///   date-time, which is exact.
/// @param before Arrived earlier than that; written as `since` is.
/// @param sentSince Sent then or later by its Date header; written as `since` is.
/// @param sentBefore Sent earlier than that; written as `since` is.
/// @param larger Has more octets than this.
/// @param smaller Has fewer octets than this.
/// @param hasKeyword Has this keyword.
/// @param notKeyword Lacks this keyword.
/// @param unseen Lacks `$seen`, or has it.
/// @param flagged Has `$flagged`, or lacks it.
/// @param hasAttachment Has a file that is not shown within its text, or has none.
/// @param internetMessageId Has exactly this Message-ID, with angle brackets or without; upper and
///   lower case are told apart.
/// @param automatic Tells, or does not tell, that it should get no automatic answer: whether a row
///   has anything in its `automatic`.
/// @param automaticKind Has this in its `automatic`.
/// @param gmailRaw A search as Gmail's own search box takes it; where the server is not Gmail: 422.
@Schema(
        name = "SearchFilter",
        example =
                "{\"or\": [{\"from\": \"ada@example.org\"}, {\"to\": \"ada@example.org\"}],"
                        + " \"not\": {\"subject\": \"newsletter\"}, \"since\": \"2026-01-01\"}")
public record SearchFilter(
        @Nullable List<SearchFilter> and,
        @Nullable List<SearchFilter> or,
        @Nullable SearchFilter not,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE, example = "ada@example.org")
                @Nullable String from,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE) @Nullable String to,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE) @Nullable String cc,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE) @Nullable String bcc,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE) @Nullable String subject,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE) @Nullable String text,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE) @Nullable String body,
        @Nullable SearchHeader header,
        @Schema(pattern = Texts.MOMENT, example = "2026-03-01") @Nullable String since,
        @Schema(pattern = Texts.MOMENT) @Nullable String before,
        @Schema(pattern = Texts.MOMENT) @Nullable String sentSince,
        @Schema(pattern = Texts.MOMENT) @Nullable String sentBefore,
        @Schema(minimum = "0", maximum = "4294967295") @Nullable Long larger,
        @Schema(minimum = "0", maximum = "4294967295") @Nullable Long smaller,
        @Schema(pattern = Texts.KEYWORD, example = "$answered") @Nullable String hasKeyword,
        @Schema(pattern = Texts.KEYWORD, example = "$junk") @Nullable String notKeyword,
        @Nullable Boolean unseen,
        @Nullable Boolean flagged,
        @Nullable Boolean hasAttachment,
        @Schema(pattern = Texts.SOUGHT_MESSAGE_ID, example = "20260301.4711@example.org")
                @Nullable String internetMessageId,
        @Nullable Boolean automatic,
        @Nullable AutomaticKind automaticKind,
        @Schema(
                        minLength = 1,
                        maxLength = 500,
                        pattern = Texts.LINE,
                        example = "has:drive older_than:1y")
                @Nullable String gmailRaw) {}
