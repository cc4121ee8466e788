@NullMarked
package postern.smtp.pool;

import org.jspecify.annotations.NullMarked;
