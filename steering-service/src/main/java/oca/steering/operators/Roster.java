package oca.steering.operators;

import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.ApplianceId;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Freeze;
import oca.steering.fleet.Member;
import oca.steering.registry.Book;
import oca.steering.registry.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Everybody whom the service knows: heard, or registered, or under an order. Safe on any thread.
 */
public final class Roster {
  private final Supplier<FleetSnapshot> fleet;
  private final Supplier<Book> book;
  private final LongSupplier nanoClock;

  /**
   * A roster of those snapshots.
   *
   * @param nanoClock that of the heartbeats
   */
  public Roster(Supplier<FleetSnapshot> fleet, Supplier<Book> book, LongSupplier nanoClock) {
    this.fleet = fleet;
    this.book = book;
    this.nanoClock = nanoClock;
  }

  /**
   * The fleet and the book at one moment.
   *
   * @param rows by name
   * @param last the newest change
   */
  record Moment(TreeMap<ApplianceId, Row> rows, Freeze freeze, long last) {}

  Moment now() {
    FleetSnapshot heard = fleet.get();
    Book decided = book.get();
    long now = nanoClock.getAsLong();
    TreeMap<ApplianceId, Row> rows = new TreeMap<>();
    for (Entry entry : decided.entries().values()) {
      if (heard.member(entry.id()) == null) {
        rows.put(entry.id(), Row.of(entry));
      }
    }
    for (Member member : heard.members()) {
      rows.put(member.id(), Row.of(member, decided.entry(member.id()), heard, now));
    }
    return new Moment(rows, heard.freeze(), decided.last());
  }

  /** One appliance; null when nobody knows it. */
  @Nullable Row row(ApplianceId id) {
    FleetSnapshot heard = fleet.get();
    Entry entry = book.get().entry(id);
    Member member = heard.member(id);
    if (member != null) {
      return Row.of(member, entry, heard, nanoClock.getAsLong());
    }
    return entry == null ? null : Row.of(entry);
  }

  boolean isFrozen() {
    return fleet.get().freeze().frozen();
  }

  Book book() {
    return book.get();
  }
}
