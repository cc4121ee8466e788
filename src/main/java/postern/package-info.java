/** An IMAP-to-REST gateway. */
@NullMarked
package postern;

import org.jspecify.annotations.NullMarked;
