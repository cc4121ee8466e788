/** Logging in and out, and what the mail server offers to who is logged in. */
@NullMarked
package postern.session;

import org.jspecify.annotations.NullMarked;
