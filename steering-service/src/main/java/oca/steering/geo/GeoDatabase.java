package oca.steering.geo;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Metadata;
import com.maxmind.db.Reader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import oca.model.Address;
import oca.model.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database of places in <a href="https://maxmind.github.io/MaxMind-DB/">MaxMind's format</a>,
 * read again when its file is replaced.
 *
 * <p>The file is read into memory as a whole, so that whoever replaces it by writing into it, and
 * not by a rename, cannot give us half of it under our hands: what was read is kept until the next
 * one could be read. Safe on any thread; {@link #locate} never waits.
 */
public final class GeoDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GeoDatabase.class);

  /** What tells one file from the next under the same name. */
  private record Stamp(FileTime modified, long bytes, @Nullable Object key) {}

  private record Opened(Reader reader, Stamp stamp, String type, Instant built) {}

  /**
   * How it stands.
   *
   * @param type as the file calls itself
   * @param built when the file was made
   * @param located answers with a place
   * @param unknown answers without one
   * @param faults questions at which the file turned out to be damaged
   * @param reloads times that a new file was taken
   * @param reloadFailures times that one could not be
   */
  public record Status(
      String type,
      Instant built,
      long located,
      long unknown,
      long faults,
      long reloads,
      long reloadFailures) {}

  private final GeoConfig config;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("steering-geo").factory());
  private final LongAdder located = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder faults = new LongAdder();
  private final LongAdder reloads = new LongAdder();
  private final LongAdder reloadFailures = new LongAdder();
  private volatile Opened opened;
  private @Nullable Stamp refused; // guarded by this

  private GeoDatabase(GeoConfig config, Opened opened) {
    this.config = config;
    this.opened = opened;
  }

  /**
   * Reads the file, and begins to look after it.
   *
   * @throws IOException when there is none that can be read; the message names it
   */
  public static GeoDatabase open(GeoConfig config) throws IOException {
    GeoDatabase database = new GeoDatabase(config, read(config));
    long every = config.reload().toNanos();
    var _ =
        database.watch.scheduleWithFixedDelay(
            database::refresh, every, every, TimeUnit.NANOSECONDS);
    return database;
  }

  /** Where an address is; null when the database does not know it well enough. */
  public @Nullable Position locate(Address address) {
    try {
      PlaceRecord place = opened.reader().get(internet(address), PlaceRecord.class);
      PlaceRecord.Location location = place == null ? null : place.location();
      Position position = location == null ? null : location.within(config.accuracy());
      (position == null ? unknown : located).increment();
      return position;
    } catch (IOException | RuntimeException e) {
      // Its reader throws either at a file that is damaged within; a client is no worse off than
      // without the file.
      faults.increment();
      return null;
    }
  }

  /**
   * Looks whether the file was replaced, and takes the new one; keeps the old one when it cannot.
   *
   * @return whether there is a new one
   */
  public synchronized boolean refresh() {
    Stamp now = null;
    try {
      now = stamp(config);
      if (now.equals(opened.stamp()) || now.equals(refused)) {
        return false;
      }
      opened = read(config);
      refused = null;
      reloads.increment();
      log.info("{} was replaced by that of {}", config.database(), status().built());
      return true;
    } catch (IOException | RuntimeException e) {
      // One that is damaged is named once, not each minute.
      refused = now;
      reloadFailures.increment();
      log.warn("the database of places in use is kept: {}", e.getMessage());
      return false;
    }
  }

  /** How it stands. */
  public Status status() {
    Opened now = opened;
    return new Status(
        now.type(),
        now.built(),
        located.sum(),
        unknown.sum(),
        faults.sum(),
        reloads.sum(),
        reloadFailures.sum());
  }

  /** Looks after the file no more. */
  @Override
  public void close() {
    watch.shutdownNow();
  }

  private static Opened read(GeoConfig config) throws IOException {
    Stamp stamp = stamp(config);
    long limit = config.fileLimit().bytes();
    byte[] bytes;
    try (InputStream in = Files.newInputStream(config.database())) {
      bytes = in.readNBytes((int) limit + 1);
    }
    if (bytes.length > limit) {
      throw new IOException(
          config.database() + " is larger than geo.fileLimit, " + config.fileLimit());
    }
    try {
      Reader reader =
          new Reader(new ByteArrayInputStream(bytes), new CHMCache(config.cachedPlaces()));
      // Says at once whether it has records that can be read.
      reader.get(InetAddress.ofLiteral("192.0.2.1"), PlaceRecord.class);
      Metadata about = reader.getMetadata();
      return new Opened(
          reader, stamp, Objects.requireNonNull(about.databaseType()), about.buildTime());
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          config.database() + " is no database in MaxMind's format: " + e.getMessage(), e);
    }
  }

  private static Stamp stamp(GeoConfig config) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(config.database(), BasicFileAttributes.class);
      return new Stamp(file.lastModifiedTime(), file.size(), file.fileKey());
    } catch (NoSuchFileException e) {
      throw new IOException(
          "there is no " + config.database() + "; give geo.database another file, or leave geo out",
          e);
    }
  }

  private static InetAddress internet(Address address) throws UnknownHostException {
    ByteBuffer bytes = ByteBuffer.allocate(address.v4() ? 4 : 16);
    if (address.v4()) {
      bytes.putInt((int) (address.high() >>> 32));
    } else {
      bytes.putLong(address.high()).putLong(address.low());
    }
    return InetAddress.getByAddress(bytes.array());
  }
}
