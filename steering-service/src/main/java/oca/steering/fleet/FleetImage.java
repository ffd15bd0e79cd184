package oca.steering.fleet;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.model.ApplianceId;
import oca.protocol.InventoryDigest;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a fleet at one moment, so that another process can answer from it: who is
 * there, what operators ordered, and who holds which file. Immutable.
 *
 * <pre>
 *   length, {"fleet":{"saved":..., "entries":[...]},"orders":[...]}   {@link FleetRecord}, by number
 *   for each entry: 0, or 1, version (8), files (4), digest (16)      what it holds
 *   sets, and for each: size, the first number, then the gaps         who holds a file
 *   files (4), and for each: id (16), its set                         which file
 * </pre>
 *
 * <p>Numbers without a width are written seven bits a byte, the lowest first. Files of one title
 * mostly have the same holders, so a set is written once. What was read is believed only when the
 * files of each member add up to its digest.
 */
public final class FleetImage {
  private static final int ID_BYTES = 16;

  private final FleetRecord fleet;
  private final Map<ApplianceId, Order> orders;
  private final Holders holders;

  /**
   * A part of it in JSON.
   *
   * @param orders of all appliances that are under one, heard of or not
   */
  record Known(FleetRecord fleet, List<Ordered> orders) {
    record Ordered(ApplianceId appliance, Order order) {}
  }

  /**
   * An image.
   *
   * @param fleet its entries by number
   * @param holders with those numbers
   */
  FleetImage(FleetRecord fleet, Map<ApplianceId, Order> orders, Holders holders) {
    this.fleet = fleet;
    this.orders = Map.copyOf(orders);
    this.holders = holders;
  }

  /** Who is there. */
  public FleetRecord fleet() {
    return fleet;
  }

  /** What operators ordered, of appliances that were never heard of too. */
  Map<ApplianceId, Order> orders() {
    return orders;
  }

  Holders holders() {
    return holders;
  }

  /** Different files that somebody holds. */
  public int files() {
    return holders.files();
  }

  /**
   * As bytes.
   *
   * @param maxBytes more are not made
   * @throws IOException when there would be more
   */
  public byte[] write(int maxBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    List<Known.Ordered> ordered =
        orders.entrySet().stream()
            .map(it -> new Known.Ordered(it.getKey(), it.getValue()))
            .sorted((one, other) -> one.appliance().value().compareTo(other.appliance().value()))
            .toList();
    byte[] known = Wire.write(new Known(fleet, ordered));
    out.writeInt(known.length);
    out.write(known);
    for (int number = 0; number < fleet.entries().size(); number++) {
      holding(out, holders.of(number));
    }
    Map<HolderSet, Integer> sets = new LinkedHashMap<>();
    int files = 0;
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      FileSegment segment = holders.segment(s);
      for (int slot = 0; slot < segment.capacity(); slot++) {
        HolderSet set = segment.at(slot);
        if (counts(set)) {
          sets.putIfAbsent(set, sets.size());
          files++;
        }
      }
    }
    number(out, sets.size());
    for (HolderSet set : sets.keySet()) {
      set(out, set);
      bound(out, maxBytes);
    }
    out.writeInt(files);
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      FileSegment segment = holders.segment(s);
      for (int slot = 0; slot < segment.capacity(); slot++) {
        Integer set = sets.get(segment.at(slot));
        if (set != null) {
          out.writeLong(segment.high(slot));
          out.writeLong(segment.low(slot));
          number(out, set);
        }
      }
      bound(out, maxBytes);
    }
    bound(out, maxBytes);
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param limits more than they allow is refused
   * @param seed of the index that it becomes
   * @throws IOException when it is no image, or not within the limits; the message says which
   */
  public static FleetImage read(byte[] bytes, HeartbeatIntake.Limits limits, long seed)
      throws IOException {
    try {
      return new Reader(ByteBuffer.wrap(bytes), limits, seed).image();
    } catch (BufferUnderflowException e) {
      throw new IOException("the image of the fleet ends too early", e);
    } catch (IllegalArgumentException e) {
      throw new IOException("the image of the fleet is wrong: " + e.getMessage(), e);
    }
  }

  /** Whether anybody is in it whose holding is known: the others count for nothing. */
  private boolean counts(HolderSet set) {
    for (int number = set.next(0); number >= 0; number = set.next(number + 1)) {
      if (holders.of(number) != null) {
        return true;
      }
    }
    return false;
  }

  private void set(DataOutputStream out, HolderSet set) throws IOException {
    int size = 0;
    for (int number = set.next(0); number >= 0; number = set.next(number + 1)) {
      size += holders.of(number) == null ? 0 : 1;
    }
    number(out, size);
    int before = 0;
    for (int number = set.next(0); number >= 0; number = set.next(number + 1)) {
      if (holders.of(number) != null) {
        number(out, number - before);
        before = number;
      }
    }
  }

  private static void holding(DataOutputStream out, @Nullable Holding holding) throws IOException {
    out.writeByte(holding == null ? 0 : 1);
    if (holding != null) {
      out.writeLong(holding.version());
      out.writeInt(holding.digest().files());
      out.writeLong(holding.digest().high());
      out.writeLong(holding.digest().low());
    }
  }

  private static void number(DataOutputStream out, int number) throws IOException {
    int left = number;
    while (left >= 0x80) {
      out.writeByte(left | 0x80);
      left >>>= 7;
    }
    out.writeByte(left);
  }

  private static void bound(DataOutputStream out, int maxBytes) throws IOException {
    if (out.size() > maxBytes) {
      throw new IOException("what is known of the fleet takes more than " + maxBytes + " bytes");
    }
  }

  /** Reads one image. */
  private static final class Reader {
    private final ByteBuffer in;
    private final HeartbeatIntake.Limits limits;
    private final long seed;

    Reader(ByteBuffer in, HeartbeatIntake.Limits limits, long seed) {
      this.in = in;
      this.limits = limits;
      this.seed = seed;
    }

    FleetImage image() throws IOException {
      byte[] json = new byte[within(in.getInt(), in.remaining(), "bytes of JSON")];
      in.get(json);
      Known known = Wire.read(json, Known.class);
      int members =
          within(known.fleet().entries().size(), limits.appliances(), "limits.appliances");
      Set<ApplianceId> names = new HashSet<>();
      for (FleetRecord.Entry entry : known.fleet().entries()) {
        require(names.add(entry.heartbeat().appliance()), "an appliance is in it twice");
      }
      Map<ApplianceId, Order> orders = new HashMap<>();
      known.orders().forEach(it -> orders.put(it.appliance(), it.order()));
      @Nullable Holding[] holdings = new Holding[members];
      long pairs = 0;
      for (int i = 0; i < members; i++) {
        holdings[i] = holding();
        Holding holding = holdings[i];
        pairs += holding == null ? 0 : holding.files();
      }
      require(pairs <= limits.filesInAll(), "there are more files than limits.filesInAll");
      Holders holders = holders(holdings, pairs);
      require(!in.hasRemaining(), "something follows it");
      return new FleetImage(known.fleet(), orders, holders);
    }

    private @Nullable Holding holding() throws IOException {
      if (in.get() == 0) {
        return null;
      }
      long version = in.getLong();
      int files = within(in.getInt(), limits.filesPerAppliance(), "limits.filesPerAppliance");
      return new Holding(version, new InventoryDigest(files, in.getLong(), in.getLong()));
    }

    private Holders holders(@Nullable Holding[] holdings, long pairs) throws IOException {
      int count = within(number(), in.remaining(), "sets of holders");
      HolderSet[] sets = new HolderSet[count];
      int[][] numbers = new int[count][];
      for (int i = 0; i < count; i++) {
        numbers[i] = set(holdings);
        sets[i] = HolderSet.of(numbers[i]);
      }
      int files = within(in.getInt(), in.remaining() / ID_BYTES, "files");
      within(files, limits.files(), "limits.files");
      long[] ids = new long[2 * files];
      int[] setOf = new int[files];
      int[] starts = new int[FileBatch.SEGMENTS + 1];
      Sums sums = new Sums(holdings.length);
      for (int i = 0; i < files; i++) {
        long high = in.getLong();
        long low = in.getLong();
        int set = number();
        require(set < count, "a file has a set of holders that there is not");
        ids[2 * i] = high;
        ids[2 * i + 1] = low;
        setOf[i] = set;
        starts[FileBatch.segment(FileBatch.hash(seed, high, low)) + 1]++;
        sums.add(numbers[set], high, low);
      }
      InventoryDigest[] digests = sums.digests();
      for (int i = 0; i < holdings.length; i++) {
        Holding holding = holdings[i];
        InventoryDigest told = holding == null ? InventoryDigest.EMPTY : holding.digest();
        require(digests[i].equals(told), "files do not add up to their digest");
      }
      FileSegment[] segments = segments(ids, setOf, sets, starts);
      long bytes = 0;
      for (FileSegment segment : segments) {
        bytes += segment.bytes();
      }
      return new Holders(seed, segments, holdings, digests, files, pairs, bytes);
    }

    private FileSegment[] segments(long[] ids, int[] setOf, HolderSet[] sets, int[] starts)
        throws IOException {
      for (int i = 0; i < FileBatch.SEGMENTS; i++) {
        starts[i + 1] += starts[i];
      }
      int[] next = starts.clone();
      int[] order = new int[setOf.length];
      for (int i = 0; i < setOf.length; i++) {
        int segment = FileBatch.segment(FileBatch.hash(seed, ids[2 * i], ids[2 * i + 1]));
        order[next[segment]++] = i;
      }
      FileSegment[] segments = new FileSegment[FileBatch.SEGMENTS];
      for (int s = 0; s < FileBatch.SEGMENTS; s++) {
        FileSegment.Edit edit = new FileSegment.Edit(FileSegment.EMPTY, seed);
        edit.reserve(starts[s + 1] - starts[s]);
        for (int place = starts[s]; place < starts[s + 1]; place++) {
          long high = ids[2 * order[place]];
          long low = ids[2 * order[place] + 1];
          long hash = FileBatch.hash(seed, high, low);
          boolean fresh = edit.insert(hash, high, low, sets[setOf[order[place]]]);
          require(fresh, "a file is in it twice");
        }
        segments[s] = edit.done();
      }
      return segments;
    }

    private int[] set(@Nullable Holding[] holdings) throws IOException {
      int size = within(number(), holdings.length, "appliances");
      require(size > 0, "a set of holders has none");
      int[] numbers = new int[size];
      int before = 0;
      for (int i = 0; i < size; i++) {
        int gap = number();
        require(i == 0 || gap > 0, "holders are not in their order");
        before = Math.addExact(before, gap);
        require(before < holdings.length && holdings[before] != null, "a holder is not there");
        numbers[i] = before;
      }
      return numbers;
    }

    private int number() throws IOException {
      int number = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        byte next = in.get();
        number |= (next & 0x7f) << shift;
        if (next >= 0) {
          require(number >= 0, "a number is below zero");
          return number;
        }
      }
      throw new IOException("the image of the fleet is wrong: a number has too many digits");
    }

    private static int within(int number, int limit, String what) throws IOException {
      require(
          number >= 0 && number <= limit, "it has " + number + " where " + what + " is " + limit);
      return number;
    }

    private static void require(boolean holds, String otherwise) throws IOException {
      if (!holds) {
        throw new IOException("the image of the fleet is wrong: " + otherwise);
      }
    }
  }

  /** What the files of each member add up to. */
  private static final class Sums {
    private final int[] files;
    private final long[] high;
    private final long[] low;

    Sums(int members) {
      files = new int[members];
      high = new long[members];
      low = new long[members];
    }

    void add(int[] numbers, long idHigh, long idLow) {
      long more = InventoryDigest.high(idHigh, idLow);
      long less = InventoryDigest.low(idHigh, idLow);
      for (int number : numbers) {
        files[number]++;
        high[number] += more;
        low[number] += less;
      }
    }

    InventoryDigest[] digests() {
      InventoryDigest[] digests = new InventoryDigest[files.length];
      Arrays.setAll(digests, i -> new InventoryDigest(files[i], high[i], low[i]));
      return digests;
    }
  }
}
