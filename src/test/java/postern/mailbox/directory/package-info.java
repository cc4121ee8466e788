/** Claims about {@code postern.mailbox.directory}. */
@NullMarked
package postern.mailbox.directory;

import org.jspecify.annotations.NullMarked;
