/** Mailboxes: which there are, what they are for and how much is in them. */
@NullMarked
package postern.mailbox;

import org.jspecify.annotations.NullMarked;
