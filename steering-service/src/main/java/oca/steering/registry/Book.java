package oca.steering.registry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import oca.model.ApplianceId;
import oca.steering.fleet.Order;
import org.jspecify.annotations.Nullable;

/**
 * The registry at one moment: appliances, the newest changes, and the rules by which a command
 * makes the next one. Immutable and pure; a command costs a copy.
 *
 * @param entries by name
 * @param changes the newest, oldest first
 * @param last number of the newest change ever; 0 before the first
 */
public record Book(SequencedMap<ApplianceId, Entry> entries, List<Change> changes, long last) {
  /** Nothing was decided. */
  public static final Book EMPTY = new Book(new TreeMap<>(), List.of(), 0);

  /**
   * How much there may be.
   *
   * @param appliances entries
   * @param changes kept in memory; the database keeps all
   */
  public record Limits(int appliances, int changes) {}

  /** What a command makes of a book. */
  sealed interface Page {
    /** It changes something. */
    record Turned(Book next, @Nullable Entry entry, Change change) implements Page {}

    /** It is so already. */
    record Same(@Nullable Entry entry) implements Page {}

    /** It cannot be. */
    record Torn(Refusal why) implements Page {}
  }

  public Book {
    entries = Collections.unmodifiableSequencedMap(new TreeMap<>(entries));
    changes = List.copyOf(changes);
  }

  /** The appliance of that name; null when nothing was decided about it. */
  public @Nullable Entry entry(ApplianceId id) {
    return entries.get(id);
  }

  /** The order in force for it. */
  public Order order(ApplianceId id) {
    Entry entry = entries.get(id);
    return entry == null ? Order.NONE : entry.order();
  }

  /** The number before the oldest change that is at hand. */
  public long before() {
    return changes.isEmpty() ? last : changes.getFirst().number() - 1;
  }

  /**
   * Applies a command.
   *
   * @param heard whether heartbeats of an appliance are known, which is enough to order it
   */
  Page apply(Command command, Instant now, Predicate<ApplianceId> heard, Limits limits) {
    ApplianceId id = command.appliance();
    if (id == null) {
      return turn(command.what(), null, command, now, limits);
    }
    Entry known = entries.get(id);
    if (command.what() == What.REGISTER) {
      return register(command, id, known, now, limits);
    }
    if (known == null && !heard.test(id)) {
      return new Page.Torn(Refusal.UNKNOWN_APPLIANCE);
    }
    Entry before = known == null ? Entry.unknown(id) : known;
    Order order = after(command.what(), before.order());
    if (order == null) {
      return new Page.Torn(Refusal.IS_RETIRED);
    }
    return order == before.order()
        ? new Page.Same(before)
        : turn(command.what(), before.under(order), command, now, limits);
  }

  private Page register(
      Command command, ApplianceId id, @Nullable Entry known, Instant now, Limits limits) {
    boolean isNew = known == null || known.registered() == null;
    Entry before = known == null ? Entry.unknown(id) : known;
    Entry next =
        new Entry(
            id,
            command.site(),
            command.endpoint(),
            isNew ? now.truncatedTo(ChronoUnit.MILLIS) : before.registered(),
            before.order(),
            command.note() == null ? before.note() : command.note());
    return next.equals(known)
        ? new Page.Same(known)
        : turn(isNew ? What.REGISTER : What.ALTER, next, command, now, limits);
  }

  /** The order that follows; null when the command is not for an appliance under that order. */
  private static @Nullable Order after(What what, Order before) {
    return switch (what) {
      case DRAIN -> before == Order.RETIRED ? null : Order.DRAIN;
      case UNDRAIN -> before == Order.RETIRED ? null : Order.NONE;
      case RETIRE -> Order.RETIRED;
      case RESTORE -> before == Order.RETIRED ? Order.NONE : before;
      case REGISTER, ALTER, THAW -> before;
    };
  }

  private Page turn(What what, @Nullable Entry entry, Command command, Instant now, Limits limits) {
    if (entry != null
        && !entries.containsKey(entry.id())
        && entries.size() >= limits.appliances()) {
      return new Page.Torn(Refusal.TOO_MANY_APPLIANCES);
    }
    Change change =
        new Change(
            last + 1,
            now.truncatedTo(ChronoUnit.MILLIS),
            what,
            command.appliance(),
            command.who(),
            command.why());
    TreeMap<ApplianceId, Entry> more = new TreeMap<>(entries);
    if (entry != null) {
      more.put(entry.id(), entry);
    }
    List<Change> log = new ArrayList<>(changes);
    log.add(change);
    int surplus = Math.max(0, log.size() - limits.changes());
    return new Page.Turned(
        new Book(more, log.subList(surplus, log.size()), change.number()), entry, change);
  }
}
