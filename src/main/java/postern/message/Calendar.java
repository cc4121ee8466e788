package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Section;
import postern.message.part.PartNames;
import postern.message.part.PartText;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;
import postern.mime.calendar.CalendarComponent;
import postern.mime.calendar.CalendarZones;

/// A calendar object that came with the message, such as an invitation.
///
/// @param partId The part that it is.
/// @param method `request` invites, `reply` answers, `cancel` calls off (RFC 5546); absent for an
///   object that is merely sent along.
/// @param events The first of its events, 20 at most.
/// @param truncated Whether it has more, which are in the part.
record Calendar(
        @Schema(example = "2") String partId,
        @Schema(example = "request") @Nullable String method,
        List<CalendarEvent> events,
        boolean truncated) {

    private static final int MOST = 20;

    /** Null when there is no calendar part, or when it does not parse as a calendar object. */
    static @Nullable Calendar of(StructuredParts objects, SectionOctets read) {
        var part = objects.calendar();
        if (part == null) {
            return null;
        }
        var parameters = PartNames.parameters(part);
        var octets = PartText.decoded(part, read.of(Section.part(part.partId())));
        return CalendarComponent.parse(octets, parameters.get("charset"))
                .map(calendar -> of(part.partId(), parameters.get("method"), calendar))
                .orElse(null);
    }

    static Calendar of(String partId, @Nullable String methodOfPart, CalendarComponent calendar) {
        var zones = new CalendarZones(calendar);
        var events =
                calendar.all("VEVENT")
                        .limit(MOST + 1L)
                        .map(event -> CalendarEvent.of(event, zones))
                        .toList();
        var method = calendar.text("METHOD").orElse(methodOfPart);
        return new Calendar(
                partId,
                method == null ? null : method.strip().toLowerCase(Locale.ROOT),
                events.size() > MOST ? events.subList(0, MOST) : events,
                events.size() > MOST);
    }
}
