/** Claims about mail servers that want to harm the gateway. */
@NullMarked
package postern.hostile;

import org.jspecify.annotations.NullMarked;
