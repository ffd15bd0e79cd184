package oca.server.http;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import oca.server.caching.FieldSection;
import org.jspecify.annotations.Nullable;

/** All of a request's head, for one that an upstream may have to be asked. On one thread. */
final class PullHead {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final String method;
  private final String host;
  private final String version;
  private final boolean isPlain;
  private final Supplier<FieldSection> reader;
  private final long length;
  private final @Nullable RequestContent content;
  private @Nullable FieldSection fields;

  /**
   * @param method case-sensitive
   * @param host Host, or {@code :authority}; empty without one
   * @param version of HTTP in which it came: {@code 1.1}
   * @param isPlain whether it is a GET of a path, with no more of a query than CMCD, and without
   *     any field by which caches decide ({@link oca.server.pull.Remembered#HEEDED})
   * @param reader of all fields as they came, asked once at most
   * @param length of its content in bytes, or {@link RequestContent#CHUNKED}
   * @param content of that length, once it is here; null without any
   */
  PullHead(
      String method,
      String host,
      String version,
      boolean isPlain,
      Supplier<FieldSection> reader,
      long length,
      @Nullable RequestContent content) {
    this.method = method;
    this.host = host;
    this.version = version;
    this.isPlain = isPlain;
    this.reader = reader;
    this.length = length;
    this.content = content;
  }

  /** The same, now that its content is here. */
  PullHead with(RequestContent its) {
    return new PullHead(method, host, version, isPlain, this::fields, length, its);
  }

  String method() {
    return method;
  }

  String host() {
    return host;
  }

  String version() {
    return version;
  }

  boolean isPlain() {
    return isPlain;
  }

  long length() {
    return length;
  }

  @Nullable RequestContent content() {
    return content;
  }

  /**
   * The fields as they came. They are read when they are asked for first, which most hits do not,
   * and that has to be in the same turn of the event loop.
   */
  FieldSection fields() {
    FieldSection known = fields;
    if (known == null) {
      known = reader.get();
      fields = known;
    }
    return known;
  }

  /** Its content. */
  ByteBuffer bytes() {
    return content == null ? NOTHING : content.bytes();
  }

  /** Whether the client waits to be told to send it (RFC 9110, section 10.1.1). */
  boolean expectsToBeAsked() {
    String expected = fields().first("Expect");
    return expected != null && expected.equalsIgnoreCase("100-continue");
  }
}
