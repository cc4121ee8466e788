/** The immutable metadata of messages: decoding, cache and loader, previews, sorting. */
@NullMarked
package postern.message.metadata;

import org.jspecify.annotations.NullMarked;
