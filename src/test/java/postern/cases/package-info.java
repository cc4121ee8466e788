/** Real kinds of mail that are easily misread, each with the expected result. */
@NullMarked
package postern.cases;

import org.jspecify.annotations.NullMarked;
