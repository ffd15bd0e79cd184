/**
 * The values that every part of the product speaks in: which bytes ({@link oca.model.ContentId}),
 * which part of them ({@link oca.model.ByteRange}), who serves them ({@link
 * oca.model.ApplianceId}), where that stands ({@link oca.model.SiteId}) and where it listens
 * ({@link oca.model.Endpoint}).
 *
 * <p>Immutable, safe on any thread. Knows no JSON, no HTTP, no clock and no other package of ours.
 */
@NullMarked
package oca.model;

import org.jspecify.annotations.NullMarked;
