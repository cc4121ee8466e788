/** Compares the gateway with a bare socket that speaks IMAP, in the same run. */
@NullMarked
package postern.benchmark;

import org.jspecify.annotations.NullMarked;
