/** Pages for people: what is here, and what each problem means. */
@NullMarked
package postern.web.page;

import org.jspecify.annotations.NullMarked;
