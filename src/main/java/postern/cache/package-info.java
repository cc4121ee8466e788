/** What all caches have in common: a bound in bytes, and metrics. */
@NullMarked
package postern.cache;

import org.jspecify.annotations.NullMarked;
