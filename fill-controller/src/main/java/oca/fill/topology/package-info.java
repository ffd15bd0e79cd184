/**
 * Who is served by whom: network, site, appliance, file, title, in memory.
 *
 * <p>Main type: {@link oca.fill.topology.Topology}, an immutable graph in flat arrays, which tells
 * what becomes of viewers when a site is gone. Pure: made of values, no clock, no I/O.
 */
@NullMarked
package oca.fill.topology;

import org.jspecify.annotations.NullMarked;
