/** Who may ask, and how often: calling apps, accounts and client addresses. */
@NullMarked
package postern.web.limit;

import org.jspecify.annotations.NullMarked;
