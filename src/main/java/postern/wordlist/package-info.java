/** Word lists that are resource files: names and words that other programs use. */
@NullMarked
package postern.wordlist;

import org.jspecify.annotations.NullMarked;
