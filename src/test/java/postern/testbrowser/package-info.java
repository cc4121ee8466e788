/** A browser, and sites for it to visit. */
@NullMarked
package postern.testbrowser;

import org.jspecify.annotations.NullMarked;
