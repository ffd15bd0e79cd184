package oca.server.upstream;

import oca.server.caching.FieldSection;

/**
 * One request for an upstream. Nothing of it is sent as a client spelled it: it is written anew.
 *
 * @param method a token, in the case in which it is sent
 * @param target in origin form, path and query as they were keyed; visible ASCII without a fragment
 * @param fields without Host, what ends at the next hop, and framing; these are added here
 * @param affinity questions of one affinity go to the same upstream of a group while it is healthy
 * @param idempotent whether it may be asked twice (RFC 9110, section 9.2.2)
 * @param content what the request carries
 */
public record Question(
    String method,
    String target,
    FieldSection fields,
    long affinity,
    boolean idempotent,
    Content content) {

  /** What a request carries. */
  public sealed interface Content {
    /** No content. */
    Content NONE = new None();

    /** Content whose length is not known before its end. */
    Content CHUNKED = new Chunked();

    /** No content at all; Content-Length is not sent. */
    record None() implements Content {}

    /**
     * Content of a known length.
     *
     * @param bytes 0 or more
     */
    record Length(long bytes) implements Content {
      public Length {
        if (bytes < 0) {
          throw new IllegalArgumentException("a length below zero: " + bytes);
        }
      }
    }

    /** Content in chunks (RFC 9112, section 7.1). */
    record Chunked() implements Content {}
  }

  public Question {
    if (method.isEmpty() || !method.chars().allMatch(Question::isTokenChar)) {
      throw new IllegalArgumentException("not a method");
    }
    if (!target.startsWith("/") || !target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
      throw new IllegalArgumentException("not a target in origin form");
    }
    for (String name : RequestHead.OURS) {
      if (fields.has(name)) {
        throw new IllegalArgumentException(name + " is set where the request is sent");
      }
    }
  }

  /** A request for reading, without content. */
  public static Question get(String target, FieldSection fields, long affinity) {
    return new Question("GET", target, fields, affinity, true, Content.NONE);
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  boolean hasContent() {
    return !(content instanceof Content.None);
  }

  private static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
