package oca.operate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import oca.operate.Stage.Disk;
import oca.operate.Stage.Told;
import oca.protocol.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command against listeners that run. */
class CommandsTest {
  private static final String DISK = "/srv/oca/disk1";

  @TempDir Path folder;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = new Stage(folder);
    await().until(() -> explain("198.51.100.7", Stage.FILE).status() == 0);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void status_diskOut_tellsItFirstAndExitsOne() throws Exception {
    Told told = status(stage.socket.toString());
    assertEquals(1, told.status(), told.all());
    List<String> lines = told.out().lines().toList();
    assertTrue(lines.getFirst().contains("FAIL disk: /srv/oca/disk2"), told.out());
    assertTrue(told.out().contains("appliance north-1 at north"), told.out());
    assertTrue(told.out().contains("steering, "), told.out());
    assertTrue(told.out().contains("fill controller, plan 41"), told.out());
    assertTrue(lines.stream().allMatch(it -> it.length() <= 80), told.out());
    Json json = json(status(stage.adminUrl(), "--json"));
    assertEquals("FAIL", json.at("findings").items().getFirst().at("level").text());
    assertEquals("north-1", json.at("appliance", "appliance").text());
    assertEquals(2, json.at("steering", "catalog", "titles").number());
  }

  @Test
  void status_nothingWrong_exitsZero() {
    stage.disks.remove("/srv/oca/disk2");
    Told told =
        Stage.run(
            new StatusCommand(), "--admin", stage.adminUrl(), "--steering", stage.steeringUrl());
    assertEquals(0, told.status(), told.all());
  }

  @Test
  void status_namedOneAway_exitsThree() {
    Told told =
        Stage.run(
            new StatusCommand(),
            "--admin",
            folder + "/none.sock",
            "--steering",
            stage.steeringUrl());
    assertEquals(3, told.status(), told.all());
    assertTrue(told.out().contains("appliance not reached: nobody answers at"), told.out());
  }

  @Test
  void top_once_tellsRatesBetweenTwoLooks() throws Exception {
    Told told = Stage.run(new TopCommand(stage), "--admin", stage.adminUrl(), "--once");
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("9.60 Gb/s   6,700 requests/s"), told.out());
    assertTrue(told.out().contains("98.5 %   p50 250 us, p99 25 ms"), told.out());
    assertTrue(told.out().contains("[########]  95 %"), told.out());
    assertTrue(told.out().lines().allMatch(it -> it.length() <= 80), told.out());
    Json json =
        json(Stage.run(new TopCommand(stage), "--admin", stage.adminUrl(), "-n", "1", "--json"));
    assertEquals(1.2e9, json.at("servedBytes").real());
  }

  @Test
  void drain_untilNobodyIsLeft_countsDown() {
    stage.onPause = n -> stage.connections = 1234 - 400 * n;
    Told told = Stage.run(new DrainCommand(stage), "--admin", stage.adminUrl(), "--until", "40");
    assertEquals(0, told.status(), told.all());
    assertTrue(told.err().contains("draining: 1,234 connections"), told.err());
    assertTrue(told.out().contains("drained: 34 connections"), told.out());
    assertEquals(0, Stage.run(new UndrainCommand(), "--admin", stage.socket.toString()).status());
    assertEquals(List.of("drain", "undrain"), stage.orders);
  }

  @Test
  void drain_tooSlowOrTakenBack_exitsOneAndSaysSo() {
    Told slow = Stage.run(new DrainCommand(stage), "--admin", stage.adminUrl(), "--within", "5");
    assertEquals(1, slow.status(), slow.all());
    assertTrue(slow.out().contains("it drains on"), slow.out());
    stage.onPause = _ -> stage.draining = false;
    Told undone = Stage.run(new DrainCommand(stage), "--admin", stage.adminUrl());
    assertEquals(1, undone.status(), undone.all());
    assertTrue(undone.err().contains("somebody undrained it"), undone.err());
  }

  @Test
  void disk_listAddDrainDetach_passOrdersOn() {
    Told list = disk("list");
    assertEquals(1, list.status(), list.all());
    assertTrue(list.out().contains("25.4 %"), list.out());
    assertEquals(1, disk("add", "/srv/bad", "--capacity", "1TB").status());
    assertEquals(2, disk("add", "/srv/new", "--capacity", "much").status());
    assertEquals(0, disk("add", "/srv/new", "--capacity", "1TB").status());
    Told kept = disk("detach", DISK);
    assertEquals(1, kept.status());
    assertTrue(kept.err().contains("51,234 files are still on"), kept.err());
    assertEquals(0, disk("drain", DISK, "--no-wait").status());
    assertEquals(0, disk("undrain", DISK).status());
    assertEquals(0, disk("detach", DISK, "--force").status());
    Told none = disk("drain", "/srv/none", "--no-wait");
    assertEquals(1, none.status());
    assertTrue(none.err().contains("404 there is no volume /srv/none"), none.err());
    assertEquals(
        List.of(
            "add /srv/bad 1000000000000 268435456",
            "add /srv/new 1000000000000 268435456",
            "drain " + DISK,
            "undrain " + DISK,
            "detach " + DISK,
            "drain /srv/none"),
        stage.orders);
  }

  @Test
  void diskDrain_filesLeave_tellsHowFarAndWhenEmpty() {
    stage.onPause = n -> left(4 - n);
    Told told = Stage.run(new DiskDrainCommand(stage), "--admin", stage.adminUrl(), DISK);
    assertEquals(0, told.status(), told.all());
    assertTrue(told.err().contains(DISK + " is empty"), told.err());
  }

  @Test
  void diskDrain_noRoomElsewhere_givesUp() {
    Told told =
        Stage.run(
            new DiskDrainCommand(stage), "--admin", stage.adminUrl(), "--stuck-after", "9", DISK);
    assertEquals(1, told.status(), told.all());
    assertTrue(told.err().contains("51,234 files stay on " + DISK), told.err());
    assertEquals("draining", stage.disks.get(DISK).state(), "the order stays");
  }

  @Test
  void diskReplace_givenTwice_takesEachStepOnce() {
    Told stuck = replace(DISK);
    assertEquals(1, stuck.status(), stuck.all());
    stage.onPause = _ -> left(0);
    Told told = replace(DISK);
    assertEquals(0, told.status(), told.all());
    assertTrue(told.err().contains("3 of 3"), told.err());
    assertEquals(
        List.of(
            "add /srv/new 7000000000000 268435456",
            "drain " + DISK,
            "drain " + DISK,
            "detach " + DISK),
        stage.orders);
    assertEquals(2, replace("/srv/new").status(), "not in its own place");
  }

  @Test
  void diskReplace_ofOneThatIsOut_doesNotWait() {
    assertEquals(0, replace("/srv/oca/disk2").status());
    assertEquals(
        List.of("add /srv/new 7000000000000 268435456", "detach /srv/oca/disk2"), stage.orders);
  }

  @Test
  void explain_fileTitleAndRoute_tellWhoAndWhy() throws Exception {
    Told file = explain("198.51.100.7", Stage.FILE);
    assertEquals(0, file.status(), file.all());
    assertTrue(file.out().contains("198.51.100.0/24 -> north"), file.out());
    assertTrue(file.out().lines().anyMatch(it -> it.matches("  1 +north-1 .*chosen")), file.out());
    assertTrue(file.out().lines().anyMatch(it -> it.matches("  - +south-1 .*")), file.out());
    assertTrue(file.out().lines().allMatch(it -> it.length() <= 80), file.out());
    Told unknown = explain("192.0.2.1", "quay");
    assertEquals(1, unknown.status(), unknown.all());
    Told route = explain("203.0.113.9");
    assertEquals(0, route.status(), route.all());
    assertTrue(route.out().contains("203.0.113.9 is in 203.0.113.0/24"), route.out());
    assertEquals(1, explain("nobody", Stage.FILE).status());
    assertTrue(json(explain("198.51.100.7", "harbour", "-o", "json")).at("candidates").isThere());
  }

  @Test
  void routes_listAndLookUp_tellWhatIsKnown() throws Exception {
    Told list = routes();
    assertEquals(0, list.status(), list.all());
    assertTrue(list.out().startsWith("2 prefixes"), list.out());
    assertEquals(1, routes("192.0.2.1").status());
    Told prefix = routes("203.0.112.0/22");
    assertTrue(prefix.out().contains("203.0.113.0/24"), prefix.out());
    assertEquals("none", json(routes("192.0.2.1", "--json")).at("match").text());
  }

  private void left(long files) {
    stage.disks.computeIfPresent(
        DISK, (_, it) -> new Disk(it.state(), files * 1000, Math.max(0, files), 0));
  }

  private Told status(String admin, String... more) {
    return Stage.run(
        new StatusCommand(),
        joined(
            more,
            "--admin",
            admin,
            "--steering",
            stage.steeringUrl(),
            "--controller",
            stage.controllerUrl()));
  }

  private Told disk(String order, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = order;
    args[1] = "--admin";
    args[2] = stage.adminUrl();
    System.arraycopy(more, 0, args, 3, more.length);
    return Stage.run(new DiskCommand(), args);
  }

  private Told replace(String old) {
    return Stage.run(
        new DiskReplaceCommand(stage),
        "--admin",
        stage.adminUrl(),
        "--capacity",
        "7TB",
        old,
        "/srv/new");
  }

  private Told explain(String... args) {
    return Stage.run(new ExplainCommand(), joined(args, "--steering", stage.steeringUrl()));
  }

  private Told routes(String... args) {
    return Stage.run(new RoutesCommand(), joined(args, "--steering", stage.steeringUrl()));
  }

  private static String[] joined(String[] one, String... other) {
    String[] all = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  private static Json json(Told told) throws Exception {
    return Json.parse(told.out().getBytes(StandardCharsets.UTF_8));
  }
}
