/** The OpenAPI document, made from the controllers. */
@NullMarked
package postern.web.contract;

import org.jspecify.annotations.NullMarked;
