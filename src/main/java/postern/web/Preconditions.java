package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * The conditions of a request for something that exists: one rule for all resources (RFC 9110
 * §13.1). A resource without an ETag matches {@code *} only.
 */
public record Preconditions(@Nullable String ifMatch, @Nullable String ifNoneMatch) {

    private static final Pattern TAG = Pattern.compile("(?:W/)?\"[^\"]*\"");

    public static Preconditions of(HttpServletRequest request) {
        return new Preconditions(
                header(request, HttpHeaders.IF_MATCH), header(request, HttpHeaders.IF_NONE_MATCH));
    }

    private static @Nullable String header(HttpServletRequest request, String name) {
        var lines = Collections.list(request.getHeaders(name));
        return lines.isEmpty() ? null : String.join(",", lines);
    }

    /**
     * Whether the caller has this version already; throws a 412 if it wants another one.
     *
     * @param etag null if the resource has none
     */
    public boolean notModified(@Nullable String etag) {
        if (ifMatch != null && !isAny(ifMatch) && tags(ifMatch).noneMatch(it -> same(it, etag))) {
            throw new ProblemException(
                    etag == null ? ProblemCode.PRECONDITION_FAILED : ProblemCode.MESSAGE_MODIFIED,
                    etag == null
                            ? "this has no ETag that `If-Match` could name"
                            : "this is not the version that `If-Match` names");
        }
        return ifNoneMatch != null
                && (isAny(ifNoneMatch)
                        || etag != null
                                && tags(ifNoneMatch)
                                        .anyMatch(it -> opaque(it).equals(opaque(etag))));
    }

    /** Strong comparison: a weak tag is equal to none. */
    private static boolean same(String tag, @Nullable String etag) {
        return tag.equals(etag) && !tag.startsWith("W/");
    }

    /** The tags of {@code If-None-Match}, where these alone decide what is answered. */
    public List<String> unlessOneOf() {
        return ifMatch != null || ifNoneMatch == null ? List.of() : tags(ifNoneMatch).toList();
    }

    /**
     * Whether the caller has an answer with the same content, perhaps of an earlier version.
     *
     * @param content the end of its tag, after the version
     */
    boolean hasContent(String content) {
        return unlessOneOf().stream()
                .map(it -> opaque(it).replace("\"", ""))
                .anyMatch(it -> it.substring(it.indexOf('.') + 1).equals(content));
    }

    /** Whether {@code If-Match} is there and asks for more than that something exists. */
    boolean namesAVersion() {
        return ifMatch != null && !isAny(ifMatch);
    }

    private static boolean isAny(String header) {
        return header.strip().equals("*");
    }

    private static Stream<String> tags(String header) {
        return TAG.matcher(header).results().map(MatchResult::group);
    }

    /** The tag in a weak comparison (RFC 9110 §8.8.3.2). */
    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
