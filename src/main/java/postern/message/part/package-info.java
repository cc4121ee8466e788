/** The MIME structure of a message: which parts are text, which are files, where they lie. */
@NullMarked
package postern.message.part;

import org.jspecify.annotations.NullMarked;
