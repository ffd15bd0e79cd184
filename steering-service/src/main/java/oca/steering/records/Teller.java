package oca.steering.records;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import oca.model.ContentId;
import oca.protocol.Wire;
import oca.protocol.records.RecordForm;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Freeze;
import oca.steering.fleet.HolderSet;
import oca.steering.fleet.Member;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Shares;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * Writes decisions with all that they were made from, in lines that each say what changed since
 * those before in the same file. Two decisions that were made from different snapshots may come in
 * any order: each is preceded by what leads from the one to the other. For one thread.
 */
final class Teller implements RecordForm.Lines<Note> {
  /** Files whose holders are remembered; beyond, all are told anew. */
  private static final int MOST_FILES = 500_000;

  private final LongUnaryOperator tableMillis;
  private final List<@Nullable Member> members = new ArrayList<>();
  private final BitSet told = new BitSet();
  private final Map<String, List<ContentId>> files = new HashMap<>();
  private final Map<ContentId, HolderSet> holders = new HashMap<>();
  private @Nullable FleetSnapshot fleet;
  private @Nullable Freeze freeze;
  private @Nullable Shares shares;
  private Map<Integer, Double> toldShares = Map.of();
  private @Nullable Setup setup;

  /**
   * A teller.
   *
   * @param tableMillis by the wall clock's milliseconds, since when the routes are as they are
   */
  Teller(LongUnaryOperator tableMillis) {
    this.tableMillis = tableMillis;
  }

  @Override
  public void begin() {
    setup = null;
    members.clear();
    told.clear();
    files.clear();
    holders.clear();
    fleet = null;
    freeze = null;
    shares = null;
    toldShares = Map.of();
  }

  @Override
  public boolean mayExceed() {
    return true;
  }

  @Override
  public byte[] of(Note note) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try {
      write(out, note);
    } catch (RuntimeException e) {
      // Part of it counts as told but is not written.
      begin();
      throw e;
    }
    return out.toByteArray();
  }

  private void write(ByteArrayOutputStream out, Note note) {
    Decision decision = note.decision();
    if (decision.fleet().members().size() < members.size()) {
      // One from before somebody was heard of: nobody can be taken back but by beginning anew.
      begin();
    }
    if (!note.setup().equals(setup)) {
      // Whoever reads it begins anew under another setup, and so all is told anew.
      begin();
      setup = note.setup();
      line(out, Line.of(note.setup()));
    }
    tellFleet(out, decision.fleet());
    tellShares(out, decision);
    String name = tellFiles(out, decision);
    Match match = decision.match();
    Ask ask = decision.ask();
    line(
        out,
        Line.of(
            new Line.Made(
                Told.record(note, tableMillis.applyAsLong(note.wallMillis())),
                decision.nowNanos(),
                match == null ? null : match.prefix().toString(),
                match == null ? List.of() : match.paths(),
                decision.viewer(),
                name,
                ask.form(),
                ask.current(),
                ask.draw())));
  }

  @SuppressWarnings("ReferenceEquality") // what did not change is the same object
  private void tellFleet(ByteArrayOutputStream out, FleetSnapshot now) {
    if (now == fleet) {
      return;
    }
    for (int number = 0; number < now.members().size(); number++) {
      Member member = now.member(number);
      boolean says = now.holders().of(number) != null;
      Member before = number < members.size() ? members.get(number) : null;
      if (member != null && (member != before || says != told.get(number))) {
        line(out, Line.of(new Line.Known(member, says)));
        if (number < members.size()) {
          members.set(number, member);
        } else {
          members.add(member);
        }
        told.set(number, says);
      }
    }
    if (!now.freeze().equals(freeze)) {
      freeze = now.freeze();
      line(out, Line.of(now.freeze()));
    }
    fleet = now;
  }

  @SuppressWarnings("ReferenceEquality") // the same object says the same
  private void tellShares(ByteArrayOutputStream out, Decision decision) {
    if (decision.shares() == shares) {
      return;
    }
    Map<Integer, Double> now = new TreeMap<>();
    for (int number = 0; number < decision.fleet().members().size(); number++) {
      double share = decision.shares().of(number);
      if (share != 1) {
        now.put(number, share);
      }
    }
    if (!now.equals(toldShares)) {
      line(out, Line.of(now));
      toldShares = now;
    }
    shares = decision.shares();
  }

  /** The name of the files asked for, who hold them being told. */
  private String tellFiles(ByteArrayOutputStream out, Decision decision) {
    List<ContentId> ids = decision.ask().files();
    if (ids.isEmpty()) {
      return "";
    }
    String name = ids.size() == 1 ? ids.getFirst().toString() : "title " + decision.ask().key();
    List<HolderSet> sets = new ArrayList<>(ids.size());
    for (ContentId id : ids) {
      sets.add(decision.fleet().holders().holders(id));
    }
    if (!isTold(name, ids, sets)) {
      if (holders.size() + ids.size() > MOST_FILES) {
        files.clear();
        holders.clear();
      }
      files.put(name, ids);
      for (int i = 0; i < ids.size(); i++) {
        holders.put(ids.get(i), sets.get(i));
      }
      line(out, Line.of(held(name, ids, sets)));
    }
    return name;
  }

  /** Whether a reader knows those files by that name, and the holders of each as they are. */
  private boolean isTold(String name, List<ContentId> ids, List<HolderSet> sets) {
    if (!ids.equals(files.get(name))) {
      return false;
    }
    for (int i = 0; i < sets.size(); i++) {
      if (!sets.get(i).equals(holders.get(ids.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private static Line.Held held(String name, List<ContentId> ids, List<HolderSet> sets) {
    List<HolderSet> different = sets.stream().distinct().toList();
    Map<HolderSet, Integer> places = new HashMap<>();
    different.forEach(set -> places.put(set, places.size()));
    return new Line.Held(
        name,
        ids,
        different.stream().map(Teller::numbers).toList(),
        sets.stream().map(set -> places.getOrDefault(set, 0)).toList());
  }

  private static List<Integer> numbers(HolderSet set) {
    List<Integer> numbers = new ArrayList<>(set.size());
    for (int number = set.next(0); number >= 0; number = set.next(number + 1)) {
      numbers.add(number);
    }
    return numbers;
  }

  private static void line(ByteArrayOutputStream out, Line line) {
    out.writeBytes(Wire.write(line));
    out.write('\n');
  }
}
