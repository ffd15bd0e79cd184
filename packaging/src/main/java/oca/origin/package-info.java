/**
 * A publisher's origin over a folder: {@link oca.origin.Origin} serves the files by the same range
 * path as an appliance and tells what there is as a catalogue; {@link oca.origin.Publisher} makes
 * the catalogue.
 *
 * <p>For laboratories and small installations; a fleet's real origin is any HTTP server with ranges
 * and a catalogue beside it. Lookups run on event loops and touch no disk, all else on the starting
 * thread. Knows nothing of steering and filling.
 */
@NullMarked
package oca.origin;

import org.jspecify.annotations.NullMarked;
