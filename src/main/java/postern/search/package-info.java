/** Finds messages by a tree of conditions, in one, several or all mailboxes. */
@NullMarked
package postern.search;

import org.jspecify.annotations.NullMarked;
