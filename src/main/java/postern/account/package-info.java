/** Identifies the caller's account and its mail server. */
@NullMarked
package postern.account;

import org.jspecify.annotations.NullMarked;
