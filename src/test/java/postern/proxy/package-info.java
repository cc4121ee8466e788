@NullMarked
package postern.proxy;

import org.jspecify.annotations.NullMarked;
