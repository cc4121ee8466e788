/** What the gateway sets on the connections of its clients: HTTP/2, and certificates. */
@NullMarked
package postern.web.connector;

import org.jspecify.annotations.NullMarked;
