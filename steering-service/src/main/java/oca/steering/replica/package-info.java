/**
 * What a node needs to answer, as one document: kept on disk, and had from another node, so that a
 * node that starts cold answers like one that has run for days.
 *
 * <p>Main types: {@link oca.steering.replica.Snapshot}, the document with its checksum; {@link
 * oca.steering.replica.SnapshotFile}, which replaces it on disk; {@link
 * oca.steering.replica.SnapshotRefusal}, why one is of no use. Blocks: never for an event loop.
 * Knows nothing of what the parts mean.
 */
@NullMarked
package oca.steering.replica;

import org.jspecify.annotations.NullMarked;
