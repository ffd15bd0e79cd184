package oca.server.pull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import oca.server.caching.CacheKey;
import oca.server.caching.CachingPolicy;
import oca.server.caching.FieldLine;
import oca.server.caching.FieldSection;
import oca.server.caching.StoredResponse;
import oca.server.purge.PurgeConfig;
import oca.server.purge.Tags;
import org.jspecify.annotations.Nullable;

/**
 * What is written beside the bytes of a response, so that the process after a clean stop knows
 * whose they are and what they are good for.
 *
 * @param stamp the generation of purges before which its fetch began
 * @param asked with which further slices are asked for; null for a response that came as a whole
 */
record Label(
    CacheKey key,
    int status,
    FieldSection fields,
    String variant,
    long requestedMillis,
    long receivedMillis,
    long stamp,
    List<String> tags,
    @Nullable FieldSection asked) {
  private static final int VERSION = 1;

  Label {
    tags = List.copyOf(tags);
  }

  /** Of a response that is kept; null when no label can say all of it. */
  static @Nullable Label of(CacheKey key, Held held) {
    if (held.tags().isCutOff()) {
      return null;
    }
    StoredResponse response = held.response();
    Slices slices = held.slices();
    return new Label(
        key,
        response.status(),
        response.fields(),
        response.variant(),
        response.requestedMillis(),
        response.receivedMillis(),
        held.stamp(),
        held.tags().names(),
        slices == null ? null : slices.question().fields());
  }

  /** The response, judged by the policy of today. */
  StoredResponse response(CachingPolicy policy) {
    return StoredResponse.of(status, fields, variant, requestedMillis, receivedMillis, policy);
  }

  /** Its tags, within the limits of today. */
  Tags tags(PurgeConfig limits) {
    return tags.isEmpty() ? Tags.NONE : Tags.of(List.of(), List.of(String.join(",", tags)), limits);
  }

  /** As it is written. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      text(out, key.space());
      text(out, key.uri());
      out.writeInt(status);
      lines(out, fields);
      text(out, variant);
      out.writeLong(requestedMillis);
      out.writeLong(receivedMillis);
      out.writeLong(stamp);
      out.writeInt(tags.size());
      for (String tag : tags) {
        text(out, tag);
      }
      out.writeBoolean(asked != null);
      if (asked != null) {
        lines(out, asked);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    return bytes.toByteArray();
  }

  /** What was written; null when it is nothing that this version wrote. */
  static @Nullable Label read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return null;
      }
      CacheKey key = new CacheKey(text(in), text(in));
      int status = in.readInt();
      FieldSection fields = lines(in);
      String variant = text(in);
      long requested = in.readLong();
      long received = in.readLong();
      long stamp = in.readLong();
      List<String> tags = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        tags.add(text(in));
      }
      FieldSection asked = in.readBoolean() ? lines(in) : null;
      return new Label(key, status, fields, variant, requested, received, stamp, tags, asked);
    } catch (IOException | RuntimeException e) {
      // Cut off, or of characters that no field may hold.
      return null;
    }
  }

  private static void lines(DataOutputStream out, FieldSection fields) throws IOException {
    out.writeInt(fields.lines().size());
    for (FieldLine line : fields.lines()) {
      text(out, line.name());
      text(out, line.value());
    }
  }

  private static FieldSection lines(DataInputStream in) throws IOException {
    List<FieldLine> lines = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      lines.add(new FieldLine(text(in), text(in)));
    }
    return FieldSection.of(lines);
  }

  /** Of any length, other than writeUTF. */
  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a text of " + length + " bytes, more than are left");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
