/**
 * What planning and filling cost, and what they are worth.
 *
 * <p>{@link oca.bench.fill.PlacementSpeed} places a million files on a hundred appliances, {@link
 * oca.bench.fill.Balance} tells how evenly load falls on equal servers, {@link
 * oca.bench.fill.Ladders} what it costs to keep a title's files together: one thread each, seeded,
 * no network. {@link oca.bench.fill.OriginBytes} counts what the origin sends while many appliances
 * fill, {@code FillBesideViewers} what viewers notice of it: a real controller, real stores,
 * listeners and fillers in one process over loopback ({@code FillFleet}, {@code FillBox}), and an
 * origin that makes its content up and counts what it hands to its sockets ({@code
 * CountingOrigin}). {@link oca.bench.fill.JobEngine} measures whole journeys of fill jobs to a
 * database and back.
 */
@NullMarked
package oca.bench.fill;

import org.jspecify.annotations.NullMarked;
