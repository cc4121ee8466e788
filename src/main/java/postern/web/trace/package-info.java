/**
 * Shows what requests cause at other servers: spans of traces, and answers that explain themselves.
 */
@NullMarked
package postern.web.trace;

import org.jspecify.annotations.NullMarked;
