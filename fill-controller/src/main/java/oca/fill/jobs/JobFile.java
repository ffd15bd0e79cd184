package oca.fill.jobs;

import oca.model.ContentId;

/**
 * The file of a job.
 *
 * @param path where it is published
 * @param version the SHA-256 that the catalogue announces, 64 hexadecimal digits
 * @param length in bytes
 */
public record JobFile(String path, String version, long length) {
  /** The id that follows from the path. */
  public ContentId id() {
    return ContentId.ofPath(path);
  }
}
