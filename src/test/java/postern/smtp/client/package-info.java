@NullMarked
package postern.smtp.client;

import org.jspecify.annotations.NullMarked;
