package oca.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import oca.operate.Finding.Level;
import oca.operate.Stage.Told;
import oca.protocol.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  @TempDir Path folder;
  private PlayedMachine played;

  @BeforeEach
  void make() throws Exception {
    played = new PlayedMachine(folder);
  }

  @Test
  void examine_allAsItShouldBe_findsNothing() {
    List<Finding> found = DoctorCommand.examine(played.machine());
    assertEquals(
        List.of(), found.stream().filter(it -> it.level() != Level.OK).toList(), found.toString());
    assertTrue(found.size() > 20, found.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "net.core.somaxconn,128",
    "net.ipv4.tcp_wmem,4096 16384 4194304",
    "net.ipv4.tcp_slow_start_after_idle,1",
    "net.ipv4.tcp_congestion_control,cubic",
    "net.core.default_qdisc,fq_codel",
    "vm.swappiness,60",
  })
  void examine_kernelSetOtherwise_warnsWithTheFix(String name, String value) throws Exception {
    played.sysctl(name, value.replace(' ', '\t'));
    Finding found = only(Level.WARN);
    assertEquals(name, found.about());
    assertTrue(found.fix().contains(name + "="), found.fix());
  }

  @Test
  void examine_limitTooLow_namesTheProcess() throws Exception {
    played.write("proc/4711/limits", "Max open files  1024  1024  files");
    assertTrue(only(Level.WARN).what().contains("the appliance (4711) may have 1024"));
  }

  @Test
  void examine_hugePagesAlways_isWarnedOf() throws Exception {
    played.write("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never");
    assertEquals("transparent_hugepage", only(Level.WARN).about());
  }

  @Test
  void examine_memoryTaken_isWarnedOf() throws Exception {
    played.memory(64, 2);
    assertEquals("memory", only(Level.WARN).about());
  }

  @Test
  void examine_diskReadOnlyOrGone_fails() throws Exception {
    played.write(
        "proc/self/mountinfo", "36 20 8:17 / /srv/oca/disk1 ro,noatime - xfs /dev/sdb1 rw");
    assertTrue(only(Level.FAIL).what().contains("read-only"));
    Files.delete(folder.resolve("srv/oca/disk1"));
    assertEquals("/srv/oca/disk1 is not there", only(Level.FAIL).what());
  }

  @Test
  void examine_wrongSchedulerOnATurningDisk_isWarnedOf() throws Exception {
    played.write("sys/dev/block/8:17/queue/scheduler", "mq-deadline [none]");
    assertTrue(only(Level.WARN).fix().startsWith("echo mq-deadline > "));
  }

  @Test
  void examine_offloadsOffAndPacketsLost_areWarnedOf() throws Exception {
    played.programs.put("ethtool -k eth0", "tcp-segmentation-offload: off\n");
    assertTrue(only(Level.WARN).what().contains("without tcp-segmentation-offload"));
    played.programs.put("ethtool -k eth0", "tcp-segmentation-offload: on\n");
    played.write("sys/class/net/eth0/statistics/rx_missed_errors", "77");
    assertTrue(only(Level.WARN).what().contains("eth0 lost 77 packets"));
  }

  @ParameterizedTest
  @CsvSource({"time.example,3,2.5,off by 2.5 s", "'',0,0,has no source"})
  void examine_clockNotKept_fails(String name, int stratum, String offset, String expected) {
    played.programs.put("chronyc -c tracking", "0,%s,%d,1,%s,0".formatted(name, stratum, offset));
    assertTrue(only(Level.FAIL).what().contains(expected));
    played.programs.remove("chronyc -c tracking");
    played.programs.put("timedatectl show -p NTPSynchronized --value", "no\n");
    assertEquals("it is not kept", only(Level.FAIL).what());
  }

  @Test
  void examine_nameThatDoesNotResolve_namesItsKey() {
    played.setting("fill.origins[0]", "typo.example:80");
    assertEquals("typo.example (fill.origins[0]) does not resolve", only(Level.FAIL).what());
  }

  @Test
  void examine_controllerAway_fails() {
    played.setting("controller", "http://127.0.0.1:1");
    Finding found = only(Level.FAIL);
    assertEquals("reach", found.about());
    assertTrue(found.what().startsWith("controller: nobody answers at"), found.what());
  }

  @Test
  void examine_certificateThatCannotBeRead_fails() throws Exception {
    Path file = Files.writeString(folder.resolve("c.pem"), "no certificate\n");
    played.setting("http.tls.certificates", file.toString());
    assertTrue(only(Level.FAIL).what().startsWith(file + " cannot be read"));
  }

  @Test
  void examine_sessionDown_failsWithItsError() {
    Json peer =
        Json.of(
            Map.of("source", "bgp", "peer", "192.0.2.1", "state", "active", "lastError", "hold"));
    played.steering = Json.of(Map.of("peers", List.of(peer)));
    assertEquals("bgp 192.0.2.1 is active: hold", only(Level.FAIL).what());
  }

  @Test
  void doctor_onThisMachine_tellsAndChangesNothing() throws Exception {
    Path config = Files.writeString(folder.resolve("appliance.yaml"), "idd: x\n");
    Told told =
        Stage.run(new DoctorCommand(), "--admin", folder + "/none.sock", "-c", config.toString());
    assertEquals(1, told.status(), told.all());
    assertTrue(told.out().contains("FAIL config:"), told.out());
    assertTrue(told.out().contains(" as they should be"), told.out());
    Told json = Stage.run(new DoctorCommand(played.machine()), "--json");
    assertEquals(0, json.status());
    assertTrue(json.out().contains("\"fail\" : 0"), json.out());
    assertFalse(json.out().contains("\u001b"), json.out());
  }

  private Finding only(Level level) {
    List<Finding> found =
        DoctorCommand.examine(played.machine()).stream()
            .filter(it -> it.level() != Level.OK)
            .toList();
    assertEquals(1, found.size(), found.toString());
    assertEquals(level, found.getFirst().level(), found.toString());
    assertFalse(found.getFirst().fix().isEmpty(), "the fix");
    return found.getFirst();
  }
}
