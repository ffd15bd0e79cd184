/**
 * Bytes on disk and the index over them: {@link oca.store.ContentStore}.
 *
 * <p>Files on disk are the truth and describe themselves; all else (index, table in memory) can be
 * rebuilt from them. Lookups run on event loops and neither block nor touch a disk; everything else
 * runs on threads that may block. Knows no HTTP, no message and no other package of ours than
 * {@code oca.store.disk}.
 */
@NullMarked
package oca.store;

import org.jspecify.annotations.NullMarked;
