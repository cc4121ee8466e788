/** What the operator is told when the gateway starts. */
@NullMarked
package postern.startup;

import org.jspecify.annotations.NullMarked;
