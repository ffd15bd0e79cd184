package oca.fill.plan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import oca.fill.plan.PlanHead.State;
import oca.fill.state.StateStore;
import oca.protocol.Wire;

/**
 * The plans, kept across restarts: the one in force, the one before it and the newest others. Heads
 * are in memory, contents are read when they are asked for, and checked against digest and
 * signature each time.
 */
public final class PlanBook {
  private static final String HEAD = "plan-head/";
  private static final String CONTENT = "plan/";
  private static final String VERSION = "plan.version";

  private final StateStore store;
  private final PlanKey key;
  private final int kept;
  private final ConcurrentSkipListMap<Long, PlanHead> heads = new ConcurrentSkipListMap<>();
  private long newest;

  /**
   * Takes up the plans in {@code store}.
   *
   * @param kept how many, besides the one in force and the one before it
   */
  public PlanBook(StateStore store, PlanKey key, int kept) throws IOException {
    this.store = store;
    this.key = key;
    this.kept = kept;
    for (byte[] json : store.read(PlanBook::keptHeads)) {
      PlanHead head = Wire.read(json, PlanHead.class);
      heads.put(head.version(), head);
    }
    newest = store.read(connection -> StateStore.total(connection, VERSION));
  }

  /** A step to be made durable together with other things. */
  public final class Step {
    private final Map<Long, PlanHead> changed;

    private Step(Map<Long, PlanHead> changed) {
      this.changed = changed;
    }

    /** Within the transaction. */
    public void write(Connection connection) throws SQLException {
      for (PlanHead head : changed.values()) {
        keep(connection, head);
      }
    }

    /** After it. */
    public void done() {
      heads.putAll(changed);
    }
  }

  /** The number that the next plan will have. */
  public synchronized long next() {
    return newest + 1;
  }

  /**
   * Signs a plan and keeps it as a draft; the oldest beyond the limit go.
   *
   * @param content of the version {@link #next}
   */
  public synchronized PlanHead add(PlanContent content, PlanSums sums, List<String> notes)
      throws IOException {
    byte[] canonical = content.canonical();
    String digest = PlanContent.sha256(canonical);
    PlanHead head =
        new PlanHead(
            content.version(),
            State.DRAFT,
            content.madeAt(),
            null,
            0,
            content.inputs(),
            content.held().length,
            content.task().units().length,
            sums.copies(),
            sums.bytes(),
            sums.expectedBytes(),
            sums.servedBytes(),
            notes,
            digest,
            key.sign(content.version(), digest),
            key.publicKey());
    byte[] packed = pack(canonical);
    List<Long> gone = surplus(head.version());
    store.write(
        connection -> {
          keep(connection, head);
          StateStore.keep(connection, name(CONTENT, head.version()), packed);
          StateStore.put(connection, VERSION, head.version());
          for (long version : gone) {
            StateStore.drop(connection, name(HEAD, version));
            StateStore.drop(connection, name(CONTENT, version));
          }
          return true;
        });
    newest = head.version();
    heads.put(head.version(), head);
    gone.forEach(heads::remove);
    return head;
  }

  /** What puts a plan in force; {@code before} is remembered as the plan before it. */
  public Step applying(PlanHead plan, Instant at, long before) {
    Map<Long, PlanHead> changed = new java.util.TreeMap<>();
    applied().ifPresent(old -> changed.put(old.version(), old.superseded()));
    changed.put(plan.version(), plan.applied(at, before));
    return new Step(changed);
  }

  /** The plan in force. */
  public Optional<PlanHead> applied() {
    return heads.values().stream().filter(head -> head.state() == State.APPLIED).findFirst();
  }

  /** The newest plan. */
  public Optional<PlanHead> newest() {
    return Optional.ofNullable(heads.lastEntry()).map(Map.Entry::getValue);
  }

  /** All that are kept, newest first. */
  public List<PlanHead> heads() {
    return heads.values().stream()
        .sorted(Comparator.comparingLong(PlanHead::version).reversed())
        .toList();
  }

  /**
   * A plan's head.
   *
   * @throws PlanRefusedException when there is none of that version, or not any more
   */
  public PlanHead head(long version) throws PlanRefusedException {
    PlanHead head = heads.get(version);
    if (head == null) {
      throw new PlanRefusedException(
          404, "there is no plan " + version + " (any more); GET /v1/plans lists those there are");
    }
    return head;
  }

  /**
   * A plan whole.
   *
   * @throws PlanRefusedException when there is none, or when what is kept is not what was signed
   */
  public SignedPlan plan(long version) throws IOException {
    PlanHead head = head(version);
    Optional<byte[]> packed = store.document(name(CONTENT, version));
    if (packed.isEmpty()) {
      throw new PlanRefusedException(409, "the content of plan " + version + " is gone");
    }
    byte[] written;
    PlanContent content;
    try {
      written = unpack(packed.get());
      content = Wire.read(written, PlanContent.class);
    } catch (IOException e) {
      throw new PlanRefusedException(
          409, "plan " + version + " cannot be read (" + e.getMessage() + "); make a new plan");
    }
    SignedPlan plan = new SignedPlan(head, content);
    if (PlanContent.sha256(written).equals(head.digest())
        && !content.digest().equals(head.digest())) {
      // Nobody changed it: what was signed says more than this release knows.
      throw new PlanRefusedException(
          409,
          "plan "
              + version
              + " was made by another release and says what this one does not know; what is in"
              + " force stays, make a new plan to apply or explain one");
    }
    plan.verify(key.publicKey());
    return plan;
  }

  /** By which plans are signed. */
  public String publicKey() {
    return key.publicKey();
  }

  private List<Long> surplus(long added) {
    long inForce = applied().map(PlanHead::version).orElse(0L);
    long before = applied().map(PlanHead::before).orElse(0L);
    List<Long> others = new ArrayList<>();
    for (long version : heads.descendingKeySet()) {
      if (version != inForce && version != before && version != added) {
        others.add(version);
      }
    }
    return others.subList(Math.min(others.size(), Math.max(0, kept - 1)), others.size());
  }

  private static void keep(Connection connection, PlanHead head) throws SQLException {
    StateStore.keep(connection, name(HEAD, head.version()), Wire.write(head));
  }

  private static List<byte[]> keptHeads(Connection connection) throws SQLException {
    List<byte[]> found = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT json FROM document WHERE name LIKE ?")) {
      select.setString(1, HEAD + "%");
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getBytes(1));
        }
      }
    }
    return found;
  }

  private static String name(String kind, long version) {
    return kind + version;
  }

  private static byte[] pack(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private static byte[] unpack(byte[] packed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }
}
