@NullMarked
package postern.subscription;

import org.jspecify.annotations.NullMarked;
