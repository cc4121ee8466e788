/** What pages in browsers may send, and what they may read of the answers. */
@NullMarked
package postern.web.browser;

import org.jspecify.annotations.NullMarked;
