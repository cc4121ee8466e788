/** Changes many messages in one request. */
@NullMarked
package postern.batch;

import org.jspecify.annotations.NullMarked;
