/**
 * Which appliance holds which title: {@link oca.fill.placement.PlacementPlanner} makes a {@link
 * oca.fill.placement.Placement} of a {@link oca.fill.placement.PlacementTask}, site by site: {@code
 * Ranking} says in which order, {@code SiteRound} where. {@code Explainer} asks the same code what
 * would have decided otherwise.
 *
 * <p>Pure: no clock, no I/O, no thread, no randomness; the same arguments give the same placement
 * in any order of theirs. Other rooms may read a placement and the hash. Knows only {@code
 * oca.model}: titles are names with sizes and expected demand, where those come from is not its
 * business.
 */
@NullMarked
package oca.fill.placement;

import org.jspecify.annotations.NullMarked;
