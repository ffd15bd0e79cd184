/**
 * What each appliance is told: {@link oca.fill.publish.ManifestBook} keeps the manifests and their
 * versions, {@link oca.fill.publish.ManifestEndpoint} answers for them, {@link
 * oca.fill.publish.Drafts} makes them of orders: {@link oca.fill.publish.SourceRanker} says from
 * where a file is fetched and when, {@code Allotment} how fast.
 *
 * <p>The planner's thread publishes, request threads read. Reads placements and fleet snapshots;
 * must not know how a placement came about.
 */
@NullMarked
package oca.fill.publish;

import org.jspecify.annotations.NullMarked;
