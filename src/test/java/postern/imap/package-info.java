/** IMAP servers to test against, and the tests that meet them. */
@NullMarked
package postern.imap;

import org.jspecify.annotations.NullMarked;
