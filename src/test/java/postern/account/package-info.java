/** Who is asking, and which mail server that means. */
@NullMarked
package postern.account;

import org.jspecify.annotations.NullMarked;
