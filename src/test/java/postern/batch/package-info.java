@NullMarked
package postern.batch;

import org.jspecify.annotations.NullMarked;
