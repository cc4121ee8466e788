/** Sends messages: drafts that are stored, and new ones. */
@NullMarked
package postern.submission;

import org.jspecify.annotations.NullMarked;
