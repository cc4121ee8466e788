/** Lists and reads messages. */
@NullMarked
package postern.message;

import org.jspecify.annotations.NullMarked;
