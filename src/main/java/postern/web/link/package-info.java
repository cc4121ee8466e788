/** Signed links to files, for clients that cannot send a header. */
@NullMarked
package postern.web.link;

import org.jspecify.annotations.NullMarked;
