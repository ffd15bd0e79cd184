/**
 * Fetching what the fill controller wants held: {@link oca.server.fill.Filler} starts all of it.
 *
 * <p>A poller reads the manifest, {@code FillQueue} holds what of it is not here yet, workers fetch
 * it from peers and origins into the store while the window is open, one {@code FillRate} slows all
 * of them together, and {@code FillReporter} tells the controller what became of each file.
 * Everything runs on virtual threads and may block; nothing here is called by an event loop. Knows
 * the store's contract and the messages; knows no HTTP serving and no buffers of Netty.
 */
@NullMarked
package oca.server.fill;

import org.jspecify.annotations.NullMarked;
