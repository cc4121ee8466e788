/** What all endpoints share: caller, body limits, request reading, errors. */
@NullMarked
package postern.web;

import org.jspecify.annotations.NullMarked;
