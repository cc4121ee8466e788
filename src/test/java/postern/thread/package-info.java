@NullMarked
package postern.thread;

import org.jspecify.annotations.NullMarked;
