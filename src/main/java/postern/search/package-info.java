/** Searches one, several or all mailboxes with a tree of conditions. */
@NullMarked
package postern.search;

import org.jspecify.annotations.NullMarked;
