/** IMAP in our own types; the only way to a mail server. */
@NullMarked
package postern.imap;

import org.jspecify.annotations.NullMarked;
