/**
 * Connections to mail servers through a proxy of the operator's, which also resolves their names.
 */
@NullMarked
package postern.proxy;

import org.jspecify.annotations.NullMarked;
