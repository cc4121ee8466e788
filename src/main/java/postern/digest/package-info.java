/** Hashes: of octets that anybody may know, and keyed ones of what nobody may learn. */
@NullMarked
package postern.digest;

import org.jspecify.annotations.NullMarked;
