@NullMarked
package postern.egress;

import org.jspecify.annotations.NullMarked;
