/** Real kinds of mail that are easily read wrongly, each with the right answer beside it. */
@NullMarked
package postern.cases;

import org.jspecify.annotations.NullMarked;
