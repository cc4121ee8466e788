package postern.web.coding;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The ETags of compressed answers. Other octets need another strong tag (RFC 9110 §8.8.1), so that
 * of a compressed answer has an ending; a weak one is the same for both. Conditions may name either
 * and mean the same version: handlers see them without the ending.
 */
final class CodedTags {

    private static final String ENDING = "--gzip";
    private static final Pattern CODED = Pattern.compile(ENDING + "\"");

    private CodedTags() {}

    static String coded(String tag) {
        return tag.startsWith("W/") || !tag.endsWith("\"")
                ? tag
                : tag.substring(0, tag.length() - 1) + ENDING + "\"";
    }

    /** The headers of a request with the tags of plain answers; null where they have no others. */
    static @Nullable HttpFields plain(HttpFields asked) {
        var fields = new ArrayList<HttpField>();
        boolean changed = false;
        for (var field : asked) {
            if (isCondition(field) && field.getValue() != null) {
                var plain = CODED.matcher(field.getValue()).replaceAll("\"");
                changed |= !plain.equals(field.getValue());
                fields.add(new HttpField(field.getHeader(), field.getName(), plain));
            } else {
                fields.add(field);
            }
        }
        return changed ? HttpFields.from(fields.toArray(HttpField[]::new)) : null;
    }

    /** The tag of a 304: that of the answer which the client has. */
    static String known(String tag, List<String> unlessOneOf) {
        var all = String.join(",", unlessOneOf);
        var coded = coded(tag);
        return all.contains(coded) && !all.contains(tag) ? coded : tag;
    }

    private static boolean isCondition(HttpField field) {
        return field.getHeader() == HttpHeader.IF_MATCH
                || field.getHeader() == HttpHeader.IF_NONE_MATCH;
    }
}
