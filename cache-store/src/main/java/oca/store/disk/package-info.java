/**
 * One disk: how a file of content looks on it ({@link oca.store.disk.ContentFile}), and the folder
 * with lock, identity, capacity and error budget that holds such files ({@link
 * oca.store.disk.Volume}). {@link oca.store.disk.FileCheck} says what is wrong with a file, and
 * {@link oca.store.disk.FileCopy} takes one to another volume.
 *
 * <p>Everything here may block on the disk, so it never runs on an event loop; counters and {@link
 * oca.store.disk.Volume#inService} are the exception. Knows nothing of leases, tables, eviction or
 * the index, and imports nothing of ours: content ids come in as two longs.
 */
@NullMarked
package oca.store.disk;

import org.jspecify.annotations.NullMarked;
