@NullMarked
package postern.discovery;

import org.jspecify.annotations.NullMarked;
