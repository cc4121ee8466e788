/** IMAP servers that behave as those of mail providers do. */
@NullMarked
package postern.testserver.provider;

import org.jspecify.annotations.NullMarked;
