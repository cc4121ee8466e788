/** One class per IMAP command: what it sends, which responses it takes, and how it ended. */
@NullMarked
package postern.imap.client.command;

import org.jspecify.annotations.NullMarked;
