/** Takes whole mailboxes out as one file, and such files in. */
@NullMarked
package postern.export;

import org.jspecify.annotations.NullMarked;
