package oca.flink;

import java.time.Instant;

/**
 * A message of the log.
 *
 * @param kind of its records
 * @param source the part of the log in which it stands, such as a topic's partition
 * @param offset its place there
 * @param received when it came, in milliseconds since 1970; never decreases within a source
 * @param sender who sent it, as its key says
 * @param value as it was sent, packed or not
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Arrival(Kind kind, String source, long offset, long received, String sender, byte[] value) {
  /** What a message may hold. */
  enum Kind {
    SERVE,
    STEERING
  }

  Instant at() {
    return Instant.ofEpochMilli(received);
  }
}
