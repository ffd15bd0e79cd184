package oca.flink;

import oca.model.ContentId;

/**
 * What a region asked for of a file in the 24 hours that end with the current one.
 *
 * @param region {@link #ALL} for all of them
 * @param bytes 0 when it is asked for no more
 */
record Standing(String region, ContentId file, long bytes, long length) {
  static final String ALL = "*";
}
