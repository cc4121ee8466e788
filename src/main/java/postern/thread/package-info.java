/** Conversations: which messages belong together, in a mailbox and across all of them. */
@NullMarked
package postern.thread;

import org.jspecify.annotations.NullMarked;
