/** Tests of IMAP in our own types, and the servers and proxies they run against. */
@NullMarked
package postern.imap;

import org.jspecify.annotations.NullMarked;
