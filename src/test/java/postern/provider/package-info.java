@NullMarked
package postern.provider;

import org.jspecify.annotations.NullMarked;
