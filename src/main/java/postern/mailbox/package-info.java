/** Mailboxes: list, roles, counts, rights and changes. */
@NullMarked
package postern.mailbox;

import org.jspecify.annotations.NullMarked;
