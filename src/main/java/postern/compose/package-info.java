/** Messages that are new: imported, composed, replaced, and drafts of replies. */
@NullMarked
package postern.compose;

import org.jspecify.annotations.NullMarked;
