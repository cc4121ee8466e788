/** The IMAP data of messages: UIDs, flags, FETCH, SEARCH, SORT and THREAD (RFC 9051). */
@NullMarked
package postern.imap.message;

import org.jspecify.annotations.NullMarked;
