/** Opens connections, sets up TLS and logs in: the only place of Angus Mail. */
@NullMarked
package postern.imap.client.connect;

import org.jspecify.annotations.NullMarked;
