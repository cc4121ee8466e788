/** Opaque ids and cursors in URLs and JSON. */
@NullMarked
package postern.web.id;

import org.jspecify.annotations.NullMarked;
