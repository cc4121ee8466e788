@NullMarked
package postern.identity;

import org.jspecify.annotations.NullMarked;
