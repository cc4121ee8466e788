@NullMarked
package postern.octets;

import org.jspecify.annotations.NullMarked;
