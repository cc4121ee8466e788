/** Makes realistic and deliberately awkward mail, the same octets for the same seed. */
@NullMarked
package postern.samplemail;

import org.jspecify.annotations.NullMarked;
