/** What every endpoint shares: the caller, limits on bodies, reading of requests, errors. */
@NullMarked
package postern.web;

import org.jspecify.annotations.NullMarked;
