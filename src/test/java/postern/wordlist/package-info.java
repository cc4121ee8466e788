/** Claims about {@code postern.wordlist}. */
@NullMarked
package postern.wordlist;

import org.jspecify.annotations.NullMarked;
