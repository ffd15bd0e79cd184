/**
 * What a declared live event says of a path at a time: {@link oca.server.live.Events} decides
 * whether a segment is there, is the next to come, is too early, or has left the window, before
 * anybody asks the origin.
 *
 * <p>An event is declared by its paths, its start and the duration of its segments ({@link
 * oca.server.live.EventConfig}); the names are those of DASH templates (ISO/IEC 23009-1,
 * 5.3.9.4.4), and HLS files named in the same manner fit as well. Pure, on any thread: no clock,
 * I/O or randomness; the time comes in as milliseconds since 1970. It knows neither requests nor
 * answers nor what is kept: whoever asks makes a wait, a 404 or a 410 of the decision.
 */
@NullMarked
package oca.server.live;

import org.jspecify.annotations.NullMarked;
