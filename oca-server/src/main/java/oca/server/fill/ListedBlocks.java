package oca.server.fill;

/**
 * What a file's block list says.
 *
 * @param blockBytes of a block; the last may be shorter
 * @param sha256 of each block, 32 bytes each, in their order; not to be changed
 */
record ListedBlocks(int blockBytes, byte[] sha256) {}
