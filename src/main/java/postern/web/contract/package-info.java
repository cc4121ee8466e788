/** The OpenAPI document, generated from the controllers. */
@NullMarked
package postern.web.contract;

import org.jspecify.annotations.NullMarked;
