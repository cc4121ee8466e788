/** Signs in at authorization servers, and keeps and refreshes what they grant. */
@NullMarked
package postern.oauth;

import org.jspecify.annotations.NullMarked;
