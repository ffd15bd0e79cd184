package oca.server.fill.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A credentials file, read again when it has changed, for session tokens end. One that cannot be
 * read is an error that names the file and never what is in it. Blocks on the disk; any thread.
 */
final class S3Credentials {
  private static final long MOST_BYTES = 64 << 10;

  private final Path file;
  private String stamp = "";
  private @Nullable Keys keys;

  S3Credentials(Path file) {
    this.file = file;
  }

  /** What is signed with. Its text tells nothing but the access key. */
  record Keys(String accessKey, String secret, Optional<String> sessionToken) {
    @Override
    public String toString() {
      return "Keys[" + accessKey + "]";
    }
  }

  /** The keys as they are now. */
  synchronized Keys keys() throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      throw new IOException("the credentials " + file + " cannot be read: " + e, e);
    }
    String next = now.lastModifiedTime() + "/" + now.size() + "/" + now.fileKey();
    Keys known = keys;
    if (known == null || !next.equals(stamp)) {
      known = read(now.size());
      keys = known;
      stamp = next;
    }
    return known;
  }

  private Keys read(long size) throws IOException {
    if (size > MOST_BYTES) {
      throw new IOException("the credentials " + file + " are longer than " + MOST_BYTES);
    }
    Map<String, String> found = new HashMap<>();
    int sections = 0;
    for (String line : lines()) {
      String text = line.strip();
      if (text.startsWith("[")) {
        sections++;
        if (sections > 1) {
          break;
        }
      }
      int equals = text.indexOf('=');
      if (equals > 0 && !text.startsWith("#") && !text.startsWith("[")) {
        found.put(
            text.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            text.substring(equals + 1).strip());
      }
    }
    return new Keys(
        required(found, "aws_access_key_id"),
        required(found, "aws_secret_access_key"),
        Optional.ofNullable(found.get("aws_session_token")).filter(it -> !it.isEmpty()));
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException("the credentials " + file + " cannot be read: " + e, e);
    }
  }

  private String required(Map<String, String> found, String name) throws IOException {
    String value = found.getOrDefault(name, "");
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException(
          "the credentials " + file + " have no usable " + name + " in their first section");
    }
    return value;
  }
}
