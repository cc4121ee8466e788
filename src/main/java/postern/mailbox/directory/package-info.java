/** Which mailbox has which role, and which mailbox an id means. */
@NullMarked
package postern.mailbox.directory;

import org.jspecify.annotations.NullMarked;
