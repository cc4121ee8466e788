@NullMarked
package postern.compose;

import org.jspecify.annotations.NullMarked;
