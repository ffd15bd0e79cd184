package oca.store;

import oca.store.disk.BlockChecksums;
import org.jspecify.annotations.Nullable;

/**
 * The wish to fill a file.
 *
 * @param meta what the file is
 * @param blocks the digests of its blocks as announced, or null: then nobody sees any of it before
 *     it is whole
 * @param provenance where the first bytes will come from, and the writer's generation
 */
public record FillRequest(ContentMeta meta, @Nullable BlockDigests blocks, Provenance provenance) {
  public FillRequest {
    if (blocks != null
        && blocks.blocks() != BlockChecksums.blocks(meta.length(), blocks.blockBytes())) {
      throw new IllegalArgumentException(
          "%d digests of blocks for content %s of %d bytes"
              .formatted(blocks.blocks(), meta.key(), meta.length()));
    }
  }
}
