package oca.steering.routes;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import oca.model.Address;
import oca.model.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Reads one dump of TABLE_DUMP_V2 (RFC 6396, section 4.3; with path ids, RFC 8050, section 4), as
 * it is or compressed by gzip, record by record. For one thread, once.
 *
 * <pre>
 *   record   timestamp 4 | type 2 | subtype 2 | length 4 | as many octets
 *   index    collector 4 | name length 2, name | peers 2 | type 1, id 4, address 4 or 16, AS 2 or 4 ...
 *   RIB      sequence 4 | prefix length 1, octets | entries 2 |
 *            peer 2, originated 4, [path id 4], attributes length 2, attributes ...
 * </pre>
 *
 * <p>Of the entries of one record the best is told: a collector has dozens of peers, and a site's
 * view needs one path a prefix.
 */
final class MrtReader {
  private static final int TABLE_DUMP_V2 = 13;
  private static final int PEER_INDEX_TABLE = 1;
  private static final int RIB_IPV4_UNICAST = 2;
  private static final int RIB_IPV6_UNICAST = 4;
  private static final int RIB_IPV4_UNICAST_ADDPATH = 8;
  private static final int RIB_IPV6_UNICAST_ADDPATH = 10;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int BZIP2_MAGIC = 0x425a;

  /** What was found in a dump. One counter each. */
  enum Found {
    /** A prefix and its best path. */
    ROUTE,
    /** A prefix that the chosen peer does not have. */
    OTHER_PEER,
    /** A record of another type, such as of multicast. */
    OTHER_TYPE,
    /** A record that contradicts itself. */
    MALFORMED_RECORD,
    /** A path that contradicts itself or names a peer that is none. */
    MALFORMED_PATH
  }

  /** How a dump ended. */
  enum End {
    /** Where a record ends. */
    CLEAN,
    /** In the middle of a record. */
    TRUNCATED,
    /** Before a record that is longer than any may be: what follows cannot be told apart. */
    ABSURD,
    /** With as many records as may be. */
    TOO_LONG
  }

  /**
   * What is taken in at most.
   *
   * @param recordBytes of one record
   * @param records of one dump
   */
  record Limits(int recordBytes, long records) {}

  /** Is told each route. */
  interface Sink {
    /** The best path to a prefix. */
    void route(Prefix prefix, PathAttributes attributes);
  }

  private final Limits limits;
  private final @Nullable Address peer;
  private final Sink sink;
  private final Map<Found, Long> counts = new EnumMap<>(Found.class);

  /** The places of the chosen peer in the index, and how many the index has. */
  private final BitSet chosen = new BitSet();

  private int peers;
  private byte[] body = new byte[4096];

  /**
   * A reader for one dump.
   *
   * @param peer whose paths count; null for those of all
   */
  MrtReader(Limits limits, @Nullable Address peer, Sink sink) {
    this.limits = limits;
    this.peer = peer;
    this.sink = sink;
  }

  /**
   * Reads to the end.
   *
   * @throws IOException when the stream fails, or is compressed otherwise; not for what it holds
   */
  End read(InputStream raw) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(raw, 1 << 16);
    buffered.mark(2);
    int magic = buffered.read() << 8 | buffered.read();
    buffered.reset();
    if (magic == BZIP2_MAGIC) {
      throw new IOException("it is compressed by bzip2; unpack it, or pack it by gzip");
    }
    try {
      return readRecords(
          new DataInputStream(
              magic == GZIP_MAGIC ? new GZIPInputStream(buffered, 1 << 16) : buffered));
    } catch (EOFException e) {
      // Also thrown by gzip. What came before it stands.
      return End.TRUNCATED;
    }
  }

  /** How often each was found. */
  Map<Found, Long> counts() {
    return new EnumMap<>(counts);
  }

  private End readRecords(DataInputStream in) throws IOException {
    byte[] header = new byte[12];
    for (long record = 0; ; record++) {
      int got = in.readNBytes(header, 0, header.length);
      if (got < header.length) {
        return got == 0 ? End.CLEAN : End.TRUNCATED;
      }
      if (record == limits.records()) {
        return End.TOO_LONG;
      }
      ByteBuffer fields = ByteBuffer.wrap(header);
      int type = fields.getShort(4);
      int subtype = fields.getShort(6);
      int length = fields.getInt(8);
      if (length < 0 || length > limits.recordBytes()) {
        return End.ABSURD;
      }
      if (body.length < length) {
        body = new byte[Math.min(limits.recordBytes(), Math.max(length, 2 * body.length))];
      }
      in.readFully(body, 0, length);
      try {
        take(type, subtype, ByteBuffer.wrap(body, 0, length));
      } catch (BufferUnderflowException e) {
        // The record is shorter than it says; the next one begins where the header says.
        count(Found.MALFORMED_RECORD);
      }
    }
  }

  private void take(int type, int subtype, ByteBuffer record) {
    if (type != TABLE_DUMP_V2) {
      count(Found.OTHER_TYPE);
      return;
    }
    switch (subtype) {
      case PEER_INDEX_TABLE -> index(record);
      case RIB_IPV4_UNICAST -> rib(record, true, false);
      case RIB_IPV6_UNICAST -> rib(record, false, false);
      case RIB_IPV4_UNICAST_ADDPATH -> rib(record, true, true);
      case RIB_IPV6_UNICAST_ADDPATH -> rib(record, false, true);
      default -> count(Found.OTHER_TYPE);
    }
  }

  private void index(ByteBuffer record) {
    chosen.clear();
    peers = 0;
    record.getInt();
    skip(record, Short.toUnsignedInt(record.getShort()));
    int count = Short.toUnsignedInt(record.getShort());
    for (int i = 0; i < count; i++) {
      int type = record.get();
      record.getInt();
      Address address = address(record, (type & 1) == 0 ? 32 : 128, (type & 1) == 0);
      skip(record, (type & 2) == 0 ? 2 : 4);
      if (address.equals(peer)) {
        chosen.set(i);
      }
      peers = i + 1;
    }
  }

  private void rib(ByteBuffer record, boolean v4, boolean withPathIds) {
    record.getInt();
    int length = record.get() & 0xff;
    if (length > (v4 ? 32 : 128)) {
      count(Found.MALFORMED_RECORD);
      return;
    }
    // Bits behind the length mean nothing (RFC 4271, section 4.3).
    Prefix prefix = new Prefix(address(record, length, v4).first(length), length);
    int entries = Short.toUnsignedInt(record.getShort());
    PathAttributes best = null;
    for (int i = 0; i < entries; i++) {
      int from = Short.toUnsignedInt(record.getShort());
      skip(record, withPathIds ? 8 : 4);
      int bytes = Short.toUnsignedInt(record.getShort());
      ByteBuffer attributes = record.slice(record.position(), Math.min(bytes, record.remaining()));
      skip(record, bytes);
      if (peer != null && from < peers && !chosen.get(from)) {
        continue;
      }
      PathAttributes path = peer != null && from >= peers ? null : MrtAttributes.read(attributes);
      if (path == null) {
        count(Found.MALFORMED_PATH);
      } else if (best == null || isBetter(path, best)) {
        best = path;
      }
    }
    if (best != null) {
      count(Found.ROUTE);
      sink.route(prefix, best);
    } else if (peer != null) {
      count(Found.OTHER_PEER);
    }
  }

  private void count(Found what) {
    counts.merge(what, 1L, Long::sum);
  }

  private static boolean isBetter(PathAttributes one, PathAttributes other) {
    return one.asPathLength() != other.asPathLength()
        ? one.asPathLength() < other.asPathLength()
        : one.med() < other.med();
  }

  /** The next octets as the front of an address. */
  private static Address address(ByteBuffer in, int bits, boolean v4) {
    long high = 0;
    long low = 0;
    for (int at = 0; at < bits; at += 8) {
      long octet = in.get() & 0xffL;
      if (at < 64) {
        high |= octet << (56 - at);
      } else {
        low |= octet << (120 - at);
      }
    }
    return new Address(v4, high, low);
  }

  private static void skip(ByteBuffer in, int bytes) {
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + bytes);
  }
}
