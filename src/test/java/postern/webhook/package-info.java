@NullMarked
package postern.webhook;

import org.jspecify.annotations.NullMarked;
