/** What is logged of requests, and what must not be. */
@NullMarked
package postern.web.log;

import org.jspecify.annotations.NullMarked;
