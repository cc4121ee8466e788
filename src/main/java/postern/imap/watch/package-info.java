/**
 * Learns that mailboxes may have changed, by one connection of each account that is listened to.
 */
@NullMarked
package postern.imap.watch;

import org.jspecify.annotations.NullMarked;
