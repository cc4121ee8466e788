/** Speaks SMTP with submission servers. */
@NullMarked
package postern.smtp.client;

import org.jspecify.annotations.NullMarked;
