/** Protects accounts from guessed passwords, before the mail server is asked. */
@NullMarked
package postern.login;

import org.jspecify.annotations.NullMarked;
