/** Claims about {@code postern.mailbox}. */
@NullMarked
package postern.mailbox;

import org.jspecify.annotations.NullMarked;
