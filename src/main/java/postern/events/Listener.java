package postern.events;

import postern.account.Account;

/**
 * Who is told, and until when.
 *
 * @param stillValid throws SessionRefused or LinkRefused when nothing more must be told
 */
record Listener(Account account, Runnable stillValid) {}
