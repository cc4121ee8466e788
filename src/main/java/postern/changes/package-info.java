/** The endpoint that tells what changed in a mailbox. */
@NullMarked
package postern.changes;

import org.jspecify.annotations.NullMarked;
