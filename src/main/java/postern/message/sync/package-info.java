/** States of mailboxes, and what changed between two of them (RFC 7162, RFC 8620 §5.2). */
@NullMarked
package postern.message.sync;

import org.jspecify.annotations.NullMarked;
