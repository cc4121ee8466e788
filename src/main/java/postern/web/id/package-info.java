/** Opaque ids and cursors, as they stand in URLs and JSON. */
@NullMarked
package postern.web.id;

import org.jspecify.annotations.NullMarked;
