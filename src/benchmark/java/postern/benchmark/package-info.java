/** Measures the gateway against a bare socket that speaks IMAP, side by side in one run. */
@NullMarked
package postern.benchmark;

import org.jspecify.annotations.NullMarked;
