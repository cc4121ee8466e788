/** Reads messages that a mail server does not take apart itself. */
@NullMarked
package postern.mime;

import org.jspecify.annotations.NullMarked;
