/** What a real browser makes of the gateway's answers, and what pages can do with it. */
@NullMarked
package postern.browser;

import org.jspecify.annotations.NullMarked;
