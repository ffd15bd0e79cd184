package oca.steering.play;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import oca.config.ConfigException;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyFile;
import oca.protocol.token.KeyRing;
import oca.protocol.token.SigningKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys in force, and their replacement when the key file changes.
 *
 * <p>{@link #get} is for any thread; {@link #look} reads the disk and is for one thread of its own.
 * A file that cannot be read leaves the keys as they are.
 */
public final class PlaybackKeys implements Supplier<KeyRing> {
  private static final Logger log = LoggerFactory.getLogger(PlaybackKeys.class);

  /** The id of the key that seals states when the file has none. */
  private static final String OWN = "own";

  private final Optional<Path> file;
  private final byte[] ownSecret;
  private volatile KeyRing ring;
  private final LongAdder failures = new LongAdder();
  private @Nullable Stamp changed;

  /** What tells one state of a file from another; two may be of the same tick of the clock. */
  private record Stamp(FileTime time, long bytes, @Nullable Object file) {
    static Stamp of(Path path) throws IOException {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
    }
  }

  private PlaybackKeys(Optional<Path> file, byte[] ownSecret, KeyRing ring) {
    this.file = file;
    this.ownSecret = ownSecret;
    this.ring = ring;
  }

  /**
   * Reads the file, if there is one.
   *
   * @param ownSecret 32 bytes that nobody can guess, to seal states with when the file has no key
   *     for that
   * @throws IOException naming every problem of the file
   */
  public static PlaybackKeys open(Optional<Path> file, byte[] ownSecret) throws IOException {
    PlaybackKeys keys = new PlaybackKeys(file, ownSecret, new KeyRing(List.of(own(ownSecret))));
    if (file.isPresent()) {
      try {
        keys.read(file.get());
      } catch (ConfigException e) {
        throw new IOException("playback.keyFile: " + e.getMessage(), e);
      }
    }
    return keys;
  }

  /** The keys in force. */
  @Override
  public KeyRing get() {
    return ring;
  }

  /** Looks whether the file has changed, and reads it again if so. Blocks on the disk. */
  public void look() {
    if (file.isEmpty()) {
      return;
    }
    try {
      if (!Stamp.of(file.get()).equals(changed)) {
        read(file.get());
        log.info("keys read from {}: {}", file.get(), ring.keys());
      }
    } catch (IOException | ConfigException e) {
      failures.increment();
      log.warn("the keys stay as they are: {}", e.getMessage());
    }
  }

  /** Looks that failed. */
  public long failures() {
    return failures.sum();
  }

  private void read(Path path) throws IOException, ConfigException {
    // The stamp first: a change in between is read by the next look.
    changed = Stamp.of(path);
    KeyFile content = KeyFile.read(path);
    content.warnings().forEach(warning -> log.warn("{}", warning));
    List<SigningKey> keys = new ArrayList<>(content.ring().keys());
    if (keys.stream().noneMatch(key -> key.algorithm() == Algorithm.HMAC_STATE)) {
      log.info("{} has no hmac-state key: only this process reads the states it gives", path);
      keys.add(own(ownSecret));
    }
    ring = new KeyRing(keys);
  }

  private static SigningKey own(byte[] secret) {
    return new SigningKey(
        OWN,
        Algorithm.HMAC_STATE,
        new SecretKeySpec(secret, "HmacSHA256"),
        0,
        Long.MAX_VALUE,
        Optional.empty());
  }
}
