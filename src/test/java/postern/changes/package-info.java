@NullMarked
package postern.changes;

import org.jspecify.annotations.NullMarked;
