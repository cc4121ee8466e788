@NullMarked
package postern.shared;

import org.jspecify.annotations.NullMarked;
