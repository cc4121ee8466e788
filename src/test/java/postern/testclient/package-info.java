/** Clients for tests: plain HTTP, the generated client, plain IMAP. */
@NullMarked
package postern.testclient;

import org.jspecify.annotations.NullMarked;
