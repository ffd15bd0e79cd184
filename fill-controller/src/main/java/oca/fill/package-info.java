/**
 * The fill controller: decides which appliance holds which title, and tells it. {@link
 * oca.fill.FillController} wires the rooms; this package is the only one that knows them all.
 *
 * <p>The rooms never import each other, except the pure leaves {@code day}, {@code forecast} and
 * {@code placement}, the store {@code state}, and the immutable snapshots {@code
 * catalog.CatalogView} and {@code fleet.FleetSnapshot}. Two virtual threads of our own: the planner
 * loop, which alone publishes, and the catalogue poller; requests come on the listener's.
 */
@NullMarked
package oca.fill;

import org.jspecify.annotations.NullMarked;
