/** The endpoint that tells of changes at once (server-sent events). */
@NullMarked
package postern.events;

import org.jspecify.annotations.NullMarked;
