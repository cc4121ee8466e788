/** Stores new messages: raw, composed, replacements of drafts, and drafts of replies. */
@NullMarked
package postern.compose;

import org.jspecify.annotations.NullMarked;
