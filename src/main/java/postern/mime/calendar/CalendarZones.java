package postern.mime.calendar;

import static java.util.Map.entry;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Resolves a TZID: an IANA name, a Windows name, or a name that only the object's own VTIMEZONE
 * defines (RFC 5545 §3.6.5).
 */
public final class CalendarZones {

    // The most common entries of CLDR's windowsZones.
    private static final Map<String, String> WINDOWS =
            Map.ofEntries(
                    entry("AUS Eastern Standard Time", "Australia/Sydney"),
                    entry("Alaskan Standard Time", "America/Anchorage"),
                    entry("Arab Standard Time", "Asia/Riyadh"),
                    entry("Arabian Standard Time", "Asia/Dubai"),
                    entry("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
                    entry("Atlantic Standard Time", "America/Halifax"),
                    entry("Cen. Australia Standard Time", "Australia/Adelaide"),
                    entry("Central America Standard Time", "America/Guatemala"),
                    entry("Central Asia Standard Time", "Asia/Almaty"),
                    entry("Central Europe Standard Time", "Europe/Budapest"),
                    entry("Central European Standard Time", "Europe/Warsaw"),
                    entry("Central Standard Time", "America/Chicago"),
                    entry("Central Standard Time (Mexico)", "America/Mexico_City"),
                    entry("China Standard Time", "Asia/Shanghai"),
                    entry("E. Africa Standard Time", "Africa/Nairobi"),
                    entry("E. Australia Standard Time", "Australia/Brisbane"),
                    entry("E. Europe Standard Time", "Europe/Chisinau"),
                    entry("E. South America Standard Time", "America/Sao_Paulo"),
                    entry("Eastern Standard Time", "America/New_York"),
                    entry("Egypt Standard Time", "Africa/Cairo"),
                    entry("FLE Standard Time", "Europe/Kiev"),
                    entry("GMT Standard Time", "Europe/London"),
                    entry("GTB Standard Time", "Europe/Bucharest"),
                    entry("Greenwich Standard Time", "Atlantic/Reykjavik"),
                    entry("Hawaiian Standard Time", "Pacific/Honolulu"),
                    entry("India Standard Time", "Asia/Kolkata"),
                    entry("Iran Standard Time", "Asia/Tehran"),
                    entry("Israel Standard Time", "Asia/Jerusalem"),
                    entry("Korea Standard Time", "Asia/Seoul"),
                    entry("Morocco Standard Time", "Africa/Casablanca"),
                    entry("Mountain Standard Time", "America/Denver"),
                    entry("Myanmar Standard Time", "Asia/Yangon"),
                    entry("New Zealand Standard Time", "Pacific/Auckland"),
                    entry("Newfoundland Standard Time", "America/St_Johns"),
                    entry("Pacific SA Standard Time", "America/Santiago"),
                    entry("Pacific Standard Time", "America/Los_Angeles"),
                    entry("Pakistan Standard Time", "Asia/Karachi"),
                    entry("Romance Standard Time", "Europe/Paris"),
                    entry("Russian Standard Time", "Europe/Moscow"),
                    entry("SA Pacific Standard Time", "America/Bogota"),
                    entry("SA Western Standard Time", "America/La_Paz"),
                    entry("SE Asia Standard Time", "Asia/Bangkok"),
                    entry("Singapore Standard Time", "Asia/Singapore"),
                    entry("South Africa Standard Time", "Africa/Johannesburg"),
                    entry("Sri Lanka Standard Time", "Asia/Colombo"),
                    entry("Taipei Standard Time", "Asia/Taipei"),
                    entry("Tokyo Standard Time", "Asia/Tokyo"),
                    entry("Turkey Standard Time", "Europe/Istanbul"),
                    entry("US Eastern Standard Time", "America/Indiana/Indianapolis"),
                    entry("US Mountain Standard Time", "America/Phoenix"),
                    entry("UTC", "Etc/UTC"),
                    entry("W. Australia Standard Time", "Australia/Perth"),
                    entry("W. Central Africa Standard Time", "Africa/Lagos"),
                    entry("W. Europe Standard Time", "Europe/Berlin"),
                    entry("West Asia Standard Time", "Asia/Tashkent"));

    private final Map<String, CalendarComponent> own = new HashMap<>();

    public CalendarZones(CalendarComponent calendar) {
        calendar.all("VTIMEZONE")
                .forEach(zone -> zone.text("TZID").ifPresent(id -> own.putIfAbsent(id, zone)));
    }

    public Optional<ZoneId> zone(String id) {
        return known(id)
                .or(() -> Optional.ofNullable(own.get(id)).flatMap(CalendarZones::explained));
    }

    /** Some programs prefix a path of their own: {@code /example.org/Europe/Berlin}. */
    private static Optional<ZoneId> known(String id) {
        var windows = WINDOWS.get(id.strip());
        if (windows != null) {
            return Optional.of(ZoneId.of(windows));
        }
        var name = id.strip();
        for (int tries = 0; tries < 6; tries++) {
            try {
                if (!name.isEmpty() && !name.startsWith("/")) {
                    return Optional.of(ZoneId.of(name));
                }
            } catch (DateTimeException _) {
                // the text after the next slash may be a zone id
            }
            int slash = name.indexOf('/');
            if (slash < 0) {
                return Optional.empty();
            }
            name = name.substring(slash + 1);
        }
        return Optional.empty();
    }

    /**
     * By an alternative name in the VTIMEZONE, or by its offset if it has no daylight saving time.
     */
    private static Optional<ZoneId> explained(CalendarComponent zone) {
        var elsewhere = zone.text("X-LIC-LOCATION").flatMap(CalendarZones::known);
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        var offsets =
                zone.components().stream()
                        .flatMap(part -> part.text("TZOFFSETTO").stream())
                        .distinct()
                        .toList();
        if (offsets.size() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZoneOffset.of(offsets.getFirst()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
