/** Exports mailboxes to a file, and imports mbox files. */
@NullMarked
package postern.export;

import org.jspecify.annotations.NullMarked;
