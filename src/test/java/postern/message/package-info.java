@NullMarked
package postern.message;

import org.jspecify.annotations.NullMarked;
