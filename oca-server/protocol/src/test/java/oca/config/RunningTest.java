package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import oca.config.Running.Line;
import oca.config.Running.Outcome;
import org.junit.jupiter.api.Test;

class RunningTest {
  record Config(
      @Default("host") String name,
      @Live @Default("1") int rate,
      @Default("10") int most,
      @Live List<Item> items,
      @Live @Default("{}") Group all,
      @Default("{}") Mixed mixed,
      Map<String, Mixed> named,
      Optional<Mixed> maybe,
      List<Mixed> listed,
      Optional<URI> address) {
    Config {
      if (rate > most) {
        throw new IllegalArgumentException("rate must not be above most, " + most);
      }
    }
  }

  record Item(String id, @Default("0") int weight) {}

  record Group(@Default("1") int one, @Default("2") int two) {}

  record Mixed(@Live @Default("1") int live, @Default("1") int still) {}

  private String text = "";
  private final Running<Config> running = start();

  @Test
  void read_liveValue_comesIntoForceAndTheRestWaits() throws Exception {
    Outcome.Done done = read("rate: 3\nname: other\nmixed: {live: 5, still: 6}\n");
    assertEquals(List.of("rate (file:1)", "mixed.live (file:3)"), texts(done.changed()));
    assertEquals(List.of("name (file:2)", "mixed.still (file:3)"), texts(done.waiting()));
    Config now = running.current().get();
    assertEquals(3, now.rate());
    assertEquals("host", now.name());
    assertEquals(new Mixed(5, 1), now.mixed());
    Line name = line("name");
    assertEquals("host", name.value());
    assertEquals("default", name.origin());
    assertEquals(new Running.Waiting("other", "file:2"), name.waits());
    assertEquals(new Line("rate", "3", "file:1", true, null), line("rate"));
  }

  @Test
  void read_groupsAndListsThatAreLive_areTakenWhole() throws Exception {
    read("items: [{id: a}, {id: b, weight: 2}]\nall: {two: 5}\n");
    assertEquals(List.of(new Item("a", 0), new Item("b", 2)), running.current().get().items());
    assertEquals(new Group(1, 5), running.current().get().all());
    assertEquals("2", line("items[1].weight").value());
    Outcome.Done done = read("items: [{id: c}]\n");
    assertEquals(List.of(new Item("c", 0)), running.current().get().items());
    assertEquals(List.of(), done.waiting());
    assertTrue(running.lines().stream().noneMatch(it -> it.key().equals("items[1].weight")));
    read("");
    assertEquals(List.of(), running.current().get().items());
    assertEquals("[]", line("items").value());
  }

  @Test
  void read_namesOfAMap_keepTheirOwnLiveValues() throws Exception {
    Running<Config> other = start("named: {a: {live: 1}, b: {live: 2}}\n");
    text = "named: {a: {live: 7, still: 7}, c: {live: 3}}\n";
    Outcome.Done done = other.read(() -> {});
    assertEquals(List.of("named.a.live (file:1)"), texts(done.changed()));
    assertEquals(Map.of("a", new Mixed(7, 1), "b", new Mixed(2, 1)), other.current().get().named());
    assertEquals(
        List.of(
            "named.a.still (file:1)",
            "named.c.live (file:1)",
            "named.c.still (default)",
            "named.b.live (gone)",
            "named.b.still (gone)"),
        texts(done.waiting()));
  }

  @Test
  void read_optionalGroup_isTakenOverOnlyWhereItWas() throws Exception {
    Outcome.Done come = read("maybe: {live: 4}\n");
    assertEquals(Optional.empty(), running.current().get().maybe());
    assertEquals(List.of("maybe.live (file:1)", "maybe.still (default)"), texts(come.waiting()));
    assertNull(line("maybe.live").value());
    Running<Config> with = start("maybe: {live: 4}\n");
    text = "maybe: {live: 5}\n";
    with.read(() -> {});
    assertEquals(Optional.of(new Mixed(5, 1)), with.current().get().maybe());
  }

  @Test
  void read_listOfItems_takesTheirLiveValuesWhenNothingElseDiffers() throws Exception {
    Running<Config> two = start("listed: [{live: 1}, {live: 2, still: 2}]\n");
    text = "listed: [{live: 8}, {live: 9, still: 2}]\n";
    assertEquals(List.of(), two.read(() -> {}).waiting());
    assertEquals(List.of(new Mixed(8, 1), new Mixed(9, 2)), two.current().get().listed());
    text = "listed: [{live: 6, still: 3}, {live: 9, still: 2}]\n";
    Outcome.Done done = two.read(() -> {});
    assertEquals(List.of(), done.changed());
    assertEquals(
        List.of("listed[0].live (file:1)", "listed[0].still (file:1)"), texts(done.waiting()));
    assertEquals(new Mixed(8, 1), two.current().get().listed().getFirst());
  }

  @Test
  void read_liveValueThatDoesNotGoWithWhatWaits_isRefusedWhole() {
    Config before = running.current().get();
    ConfigException refused =
        assertThrows(ConfigException.class, () -> read("rate: 15\nmost: 20\n"));
    assertTrue(
        refused.explained().contains("waits for a restart: rate must not be above most, 10"));
    assertSame(before, running.current().get());
    assertTrue(running.lines().stream().allMatch(it -> it.waits() == null));
  }

  @Test
  void read_problemInTheFile_changesNothingAndReadsNothingBesides() {
    Config before = running.current().get();
    text = "rate: 3\nnme: other\n";
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                running.read(
                    () -> {
                      throw new AssertionError("read besides");
                    }));
    assertTrue(refused.explained().contains("file:2:1: unknown key \"nme\""), refused.explained());
    assertSame(before, running.current().get());
  }

  @Test
  void read_keysOfNoUse_changesNothing() {
    Config before = running.current().get();
    text = "rate: 3\n";
    assertThrows(
        IOException.class,
        () ->
            running.read(
                () -> {
                  throw new IOException("a.pem: no certificate in it");
                }));
    assertSame(before, running.current().get());
  }

  @Test
  void lines_address_isShownWithoutUserAndPassword() {
    Running<Config> with = start("address: \"https://me:hush@h.example/x?token=abc&a=1\"\n");
    String shown =
        with.lines().stream()
            .filter(it -> it.key().equals("address"))
            .findFirst()
            .map(it -> String.valueOf(it.value()))
            .orElse("");
    assertEquals("https://[redacted]@h.example/x?token=[redacted]&a=1", shown);
  }

  @Test
  void order_ofOneThatWasReadNowhere_isRefused() {
    Config config = running.current().get();
    assertEquals(new Outcome.Refused("it was read from no file"), Running.fixed(config).order());
  }

  private Outcome.Done read(String next) throws Exception {
    text = next;
    return running.read(() -> {});
  }

  private Running<Config> start() {
    return start("");
  }

  private Running<Config> start(String first) {
    text = first;
    try {
      return Running.start(this::effective, Config.class);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private Effective<Config> effective() throws ConfigException {
    return ConfigFile.effective("file", text, Config.class);
  }

  private Line line(String key) {
    return running.lines().stream().filter(it -> it.key().equals(key)).findFirst().orElseThrow();
  }

  private static List<String> texts(List<Effective.Change> changes) {
    return changes.stream().map(Effective.Change::toString).collect(Collectors.toList());
  }
}
