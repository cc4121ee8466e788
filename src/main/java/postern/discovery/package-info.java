/** Finds the mail server of an address before its user has logged in. */
@NullMarked
package postern.discovery;

import org.jspecify.annotations.NullMarked;
