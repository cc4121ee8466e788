/** Resolves roles and ids to mailboxes. */
@NullMarked
package postern.mailbox.directory;

import org.jspecify.annotations.NullMarked;
