/**
 * What the publisher offers, as far as steering needs it: which files make up a title.
 *
 * <p>Main types: {@link oca.steering.catalog.CatalogPoller}, which asks the publisher on a virtual
 * thread of its own, and the immutable {@link oca.steering.catalog.Titles} that it publishes. A
 * catalogue that cannot be had leaves the last one in force. Knows nothing of appliances, viewers
 * or ranking.
 */
@NullMarked
package oca.steering.catalog;

import org.jspecify.annotations.NullMarked;
