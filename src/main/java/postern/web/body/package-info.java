/** Bodies of requests on the wire: how many may be unfinished, how slow, and what is not read. */
@NullMarked
package postern.web.body;

import org.jspecify.annotations.NullMarked;
