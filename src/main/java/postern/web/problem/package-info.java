/** Errors as application/problem+json (RFC 9457). */
@NullMarked
package postern.web.problem;

import org.jspecify.annotations.NullMarked;
