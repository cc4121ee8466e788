@NullMarked
package postern.export;

import org.jspecify.annotations.NullMarked;
