/** Changes messages: keywords, moves, copies, deletions, appends, and their conditions. */
@NullMarked
package postern.message.change;

import org.jspecify.annotations.NullMarked;
