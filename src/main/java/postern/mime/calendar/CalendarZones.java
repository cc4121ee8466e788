package postern.mime.calendar;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import postern.wordlist.WordList;

/**
 * Resolves a TZID: an IANA name, a Windows name, or a name that only the object's own VTIMEZONE
 * defines (RFC 5545 §3.6.5).
 */
public final class CalendarZones {

    private static final Map<String, ZoneId> WINDOWS =
            WordList.read(CalendarZones.class, "windows-zones.txt").pairs("windows", ZoneId::of);

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
            return Optional.of(windows);
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
