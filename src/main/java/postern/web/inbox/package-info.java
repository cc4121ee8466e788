/** The web inbox: the files of an app that is nothing but a client of the contract. */
@NullMarked
package postern.web.inbox;

import org.jspecify.annotations.NullMarked;
