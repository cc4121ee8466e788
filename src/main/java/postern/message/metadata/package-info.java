/**
 * What lists show and never changes for a UID: metadata, its cache and loader, previews, sorting.
 */
@NullMarked
package postern.message.metadata;

import org.jspecify.annotations.NullMarked;
