/** Lists, reads, changes, copies and deletes messages. */
@NullMarked
package postern.message;

import org.jspecify.annotations.NullMarked;
