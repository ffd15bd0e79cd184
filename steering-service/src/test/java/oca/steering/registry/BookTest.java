package oca.steering.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.Order;
import org.junit.jupiter.api.Test;

/** By which rules a command makes the next book. */
class BookTest {
  private static final Instant NOW = Instant.parse("2026-11-22T20:00:00.123456Z");
  private static final ApplianceId NORTH_1 = new ApplianceId("north-1");
  private static final Book.Limits LIMITS = new Book.Limits(3, 5);

  @Test
  void register_newAppliance_isEnteredWithTheTimeInMilliseconds() {
    Book book = turned(Book.EMPTY, register("north-1", "north", "192.0.2.1:80", "rack 4"));
    Entry entry = book.entry(NORTH_1);
    assertEquals(
        new Entry(
            NORTH_1,
            new SiteId("north"),
            new Endpoint("192.0.2.1", 80),
            Instant.parse("2026-11-22T20:00:00.123Z"),
            Order.NONE,
            "rack 4"),
        entry);
    assertEquals(What.REGISTER, book.changes().getFirst().what());
    assertEquals(1, book.last());
  }

  @Test
  void register_sameAgain_changesNothingAndOtherWordsAreAnAlteration() {
    Book book = turned(Book.EMPTY, register("north-1", "north", "192.0.2.1:80", "rack 4"));
    assertInstanceOf(
        Book.Page.Same.class, apply(book, register("north-1", "north", "192.0.2.1:80", null)));
    Book moved = turned(book, register("north-1", "south", "192.0.2.1:80", null));
    assertEquals(What.ALTER, moved.changes().getLast().what());
    assertEquals(new SiteId("south"), entry(moved).site());
    assertEquals("rack 4", entry(moved).note());
    assertEquals(entry(book).registered(), entry(moved).registered());
  }

  @Test
  void order_tableOfAll_isAsOperatorsExpect() {
    Map<Order, Map<What, String>> expected =
        Map.of(
            Order.NONE,
            Map.of(
                What.DRAIN, "drain", What.UNDRAIN, "=", What.RETIRE, "retired", What.RESTORE, "="),
            Order.DRAIN,
            Map.of(
                What.DRAIN, "=", What.UNDRAIN, "none", What.RETIRE, "retired", What.RESTORE, "="),
            Order.RETIRED,
            Map.of(What.DRAIN, "!", What.UNDRAIN, "!", What.RETIRE, "=", What.RESTORE, "none"));
    expected.forEach(
        (before, row) ->
            row.forEach(
                (what, outcome) ->
                    assertEquals(outcome, outcome(under(before), what), before + " " + what)));
  }

  @Test
  void order_applianceNobodyKnows_isRefusedAndOneThatWasHeardIsNot() {
    Command drain = Command.order(What.DRAIN, NORTH_1, "ann", "");
    assertEquals(
        new Book.Page.Torn(Refusal.UNKNOWN_APPLIANCE),
        Book.EMPTY.apply(drain, NOW, _ -> false, LIMITS));
    Book.Page heard = Book.EMPTY.apply(drain, NOW, NORTH_1::equals, LIMITS);
    Entry entry = assertInstanceOf(Book.Page.Turned.class, heard).entry();
    assertEquals(new Entry(NORTH_1, null, null, null, Order.DRAIN, ""), entry);
  }

  @Test
  void register_beyondTheLimit_isRefusedButKnownOnesMayChange() {
    Book book = Book.EMPTY;
    for (String id : List.of("a", "b", "c")) {
      book = turned(book, register(id, "north", "192.0.2.1:80", null));
    }
    assertEquals(
        new Book.Page.Torn(Refusal.TOO_MANY_APPLIANCES),
        apply(book, register("d", "north", "192.0.2.1:80", null)));
    turned(book, register("c", "south", "192.0.2.1:80", null));
  }

  @Test
  void thaw_always_isLoggedAndChangesNoEntry() {
    Book book = turned(Book.EMPTY, Command.thaw("ann", "link is back"));
    assertEquals(Map.of(), book.entries());
    assertEquals("link is back", book.changes().getFirst().why());
  }

  @Test
  void command_contradictoryOrLong_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Command.order(What.DRAIN, NORTH_1, " ", ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> Command.order(What.DRAIN, NORTH_1, "ann", "x".repeat(501)));
    assertThrows(
        IllegalArgumentException.class, () -> Command.order(What.DRAIN, NORTH_1, "ann", "a\nb"));
    assertThrows(
        IllegalArgumentException.class, () -> Command.order(What.THAW, NORTH_1, "ann", ""));
  }

  @Property(tries = 300)
  void anyCommands_always_keepNumbersInOrderAndTheLogBounded(
      @ForAll @Size(max = 40) List<What> whats, @ForAll long seed) {
    Book book = turned(Book.EMPTY, register("north-1", "north", "192.0.2.1:80", null));
    long expected = 1;
    for (What what : whats) {
      if (what != What.ALTER && what != What.REGISTER && what != What.THAW) {
        Book.Page page = apply(book, Command.order(what, NORTH_1, "ann", "seed " + seed));
        if (page instanceof Book.Page.Turned turned) {
          expected++;
          book = turned.next();
        }
      }
    }
    assertEquals(expected, book.last());
    assertEquals(Math.min(expected, LIMITS.changes()), book.changes().size());
    assertEquals(book.last(), book.changes().getLast().number());
    assertEquals(book.last() - book.changes().size(), book.before());
  }

  private static String outcome(Book book, What what) {
    return switch (apply(book, Command.order(what, NORTH_1, "ann", ""))) {
      case Book.Page.Same _ -> "=";
      case Book.Page.Torn _ -> "!";
      case Book.Page.Turned turned -> turned.next().order(NORTH_1).label();
    };
  }

  private static Book under(Order order) {
    Book book = turned(Book.EMPTY, register("north-1", "north", "192.0.2.1:80", null));
    return switch (order) {
      case NONE -> book;
      case DRAIN -> turned(book, Command.order(What.DRAIN, NORTH_1, "ann", ""));
      case RETIRED -> turned(book, Command.order(What.RETIRE, NORTH_1, "ann", ""));
    };
  }

  private static Entry entry(Book book) {
    Entry entry = book.entry(NORTH_1);
    if (entry == null) {
      throw new AssertionError("no entry");
    }
    return entry;
  }

  private static Book turned(Book book, Command command) {
    return assertInstanceOf(Book.Page.Turned.class, apply(book, command)).next();
  }

  private static Book.Page apply(Book book, Command command) {
    return book.apply(command, NOW, _ -> false, LIMITS);
  }

  private static Command register(String id, String site, String endpoint, String note) {
    return Registries.register(id, site, endpoint, note);
  }
}
