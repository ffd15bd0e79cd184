/**
 * What viewers get, as it happens: starts, times to the first byte, bytes that came later than they
 * play, players that ran out, by site and slice of a few seconds.
 *
 * <p>Main type: {@link oca.fill.viewers.ViewerFigures}, which adds serve records up by event time.
 * {@link oca.fill.viewers.Tolerance} says when that is not as it should be, and {@link
 * oca.fill.viewers.Concerns} remembers since when. Pure: time comes as an argument; no clock, no
 * I/O, no thread. Knows the messages, and nothing of fleets: sites come in with the records.
 * Whoever calls guards it.
 */
@NullMarked
package oca.fill.viewers;

import org.jspecify.annotations.NullMarked;
