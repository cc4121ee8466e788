/** Tests of how IMAP is spoken. */
@NullMarked
package postern.imap.angus;

import org.jspecify.annotations.NullMarked;
