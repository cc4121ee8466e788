/** How the web inbox is served. What it does is tested in a browser, by {@code .ci/inbox}. */
@NullMarked
package postern.web.inbox;

import org.jspecify.annotations.NullMarked;
