/** Submission of messages (RFC 6409) in our own types; knows neither HTTP nor IMAP. */
@NullMarked
package postern.smtp;

import org.jspecify.annotations.NullMarked;
