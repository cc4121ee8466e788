/** Speaks IMAP through Angus Mail; one class per command. */
@NullMarked
package postern.imap.angus;

import org.jspecify.annotations.NullMarked;
