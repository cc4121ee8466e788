/** Generates realistic and deliberately malformed mail, reproducible by seed. */
@NullMarked
package postern.samplemail;

import org.jspecify.annotations.NullMarked;
