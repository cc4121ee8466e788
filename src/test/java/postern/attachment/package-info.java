@NullMarked
package postern.attachment;

import org.jspecify.annotations.NullMarked;
