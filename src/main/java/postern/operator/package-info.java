/** What the operator is told: at the start, and as health. */
@NullMarked
package postern.operator;

import org.jspecify.annotations.NullMarked;
