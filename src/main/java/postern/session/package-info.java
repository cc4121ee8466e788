/** Login and logout, and the features that the mail server offers to an account. */
@NullMarked
package postern.session;

import org.jspecify.annotations.NullMarked;
