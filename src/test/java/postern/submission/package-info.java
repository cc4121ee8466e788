@NullMarked
package postern.submission;

import org.jspecify.annotations.NullMarked;
