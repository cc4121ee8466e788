/** Opens connections, sets up TLS and logs in: the only package that uses Angus Mail. */
@NullMarked
package postern.imap.client.connect;

import org.jspecify.annotations.NullMarked;
