/** Which mail servers there are: the operator's own and the presets of known providers. */
@NullMarked
package postern.provider;

import org.jspecify.annotations.NullMarked;
