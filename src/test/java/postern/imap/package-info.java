/** Tests of {@code postern.imap}, and of the servers and proxies that they use. */
@NullMarked
package postern.imap;

import org.jspecify.annotations.NullMarked;
