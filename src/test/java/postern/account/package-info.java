/** Tests of {@code postern.account}. */
@NullMarked
package postern.account;

import org.jspecify.annotations.NullMarked;
