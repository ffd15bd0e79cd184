/**
 * Bytes that are being fetched from elsewhere, kept for whoever asks next, and read while they come
 * in: {@link oca.store.pull.PullStore}.
 *
 * <p>Beside {@code oca.store}, which holds what was placed and checked, this holds what may be
 * forgotten at any time: nothing is synced, nothing outlives a crash, and only a clean stop leaves
 * an index. What it tells to be readable is what was handed to it, never anything else. Objects are
 * made, written, told of and dropped on any thread, event loops included; the disk is touched by
 * the store's own threads alone. What an object is a copy of is a label, opaque here. Must not
 * know: HTTP, messages, event loops.
 */
@NullMarked
package oca.store.pull;

import org.jspecify.annotations.NullMarked;
