package oca.protocol.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a socket of the kernel's, such as a service manager has. */
class SupervisionTest {
  private static final long PID = 4711;

  private Path folder = Path.of("");
  private String address = "";
  private Mailbox mailbox;

  @BeforeEach
  void listen() throws Exception {
    // A path of a Unix socket has 107 bytes at most, which a build folder may exceed.
    folder = Files.createTempDirectory(Path.of("/tmp"), "oca-notify");
    address = folder + "/notify";
    mailbox = new Mailbox(address);
  }

  @AfterEach
  void close() throws Exception {
    mailbox.close();
    Files.deleteIfExists(Path.of(address));
    Files.delete(folder);
  }

  @Test
  void ready_served_tellsReadyAndHowItIs() throws Exception {
    try (Supervision supervision = Supervision.of(Map.of("NOTIFY_SOCKET", address), PID)) {
      supervision.ready(new Subject());
      assertEquals("READY=1\nSTATUS=so far so good", mailbox.receive());
    }
    assertEquals("STOPPING=1\nSTATUS=closing", mailbox.receiveUntil("STOPPING"));
  }

  @Test
  void ready_abstractAddress_isReached() throws Exception {
    String name = "@oca-test-" + UUID.randomUUID();
    try (Mailbox other = new Mailbox(name);
        Supervision supervision = Supervision.of(Map.of("NOTIFY_SOCKET", name), PID)) {
      supervision.ready(new Subject());
      assertTrue(other.receive().startsWith("READY=1\n"));
    }
  }

  @Test
  void watchdog_answering_isFedUntilItStandsStill() throws Exception {
    Subject process = new Subject();
    try (Supervision supervision = Supervision.of(watched("100000"), PID)) {
      supervision.ready(process);
      mailbox.receiveUntil("WATCHDOG=1\nSTATUS=so far so good");
      process.still = Optional.of("the loop");
      // What follows is not fed any more, and says why.
      assertFalse(mailbox.receiveUntil("STATUS=stands still: the loop").contains("WATCHDOG"));
      assertFalse(mailbox.receive().contains("WATCHDOG"));
      process.still = Optional.empty();
      mailbox.receiveUntil("WATCHDOG=1");
    }
  }

  @Test
  void watchdog_ofAnotherProcess_isNotFed() throws Exception {
    Map<String, String> environment = watched("100000");
    environment.put("WATCHDOG_PID", "1");
    try (Supervision supervision = Supervision.of(environment, PID)) {
      supervision.ready(new Subject());
      assertTrue(mailbox.receive().startsWith("READY=1"));
      assertFalse(mailbox.receive().contains("WATCHDOG"));
    }
  }

  @Test
  void note_given_staysInTheStatus() throws Exception {
    try (Supervision supervision = Supervision.of(watched("100000"), PID)) {
      supervision.ready(new Subject());
      supervision.note("two\nlines");
      mailbox.receiveUntil("STATUS=so far so good; two lines");
      supervision.note(null);
      // One that was said before may still be on its way.
      String said = mailbox.receiveUntil("good");
      while (said.contains("two lines")) {
        said = mailbox.receiveUntil("good");
      }
      assertEquals("WATCHDOG=1\nSTATUS=so far so good", said);
    }
  }

  @Test
  void of_withoutManager_saysNothingAndAsksNobody() throws Exception {
    Subject process = new Subject();
    try (Supervision supervision = Supervision.of(Map.of(), PID)) {
      supervision.ready(process);
      supervision.note("hello");
    }
    assertEquals(0, process.asked.availablePermits());
  }

  @Test
  void of_unusableVariables_areNamed() {
    assertNames("WATCHDOG_USEC", watched("soon"));
    assertNames("WATCHDOG_USEC", watched("0"));
    assertNames("NOTIFY_SOCKET", Map.of("NOTIFY_SOCKET", "vsock:2:1"));
    assertNames("NOTIFY_SOCKET", Map.of("NOTIFY_SOCKET", "/" + "x".repeat(107)));
  }

  @Test
  void tell_managerGone_goesOn() throws Exception {
    Subject process = new Subject();
    Map<String, String> environment = watched("30000");
    environment.put("NOTIFY_SOCKET", folder + "/nobody");
    try (Supervision supervision = Supervision.of(environment, PID)) {
      supervision.ready(process);
      process.asked.acquire(3);
    }
  }

  @Test
  void turn_loopThatStandsStill_isSeen() throws Exception {
    try (ExecutorService loop = Executors.newSingleThreadExecutor();
        ExecutorService free = Executors.newSingleThreadExecutor()) {
      Semaphore held = new Semaphore(0);
      assertTrue(Probe.turn(List.of(loop, free), Duration.ofSeconds(10)));
      loop.execute(held::acquireUninterruptibly);
      assertFalse(Probe.turn(List.of(loop, free), Duration.ofMillis(20)));
      assertFalse(Probe.answers(held::acquireUninterruptibly, Duration.ofMillis(20)));
      held.release(2);
      assertTrue(Probe.turn(List.of(loop, free), Duration.ofSeconds(10)));
      loop.shutdown();
      assertTrue(Probe.turn(List.of(loop, free), Duration.ofSeconds(10)));
    }
  }

  private Map<String, String> watched(String micros) {
    return new HashMap<>(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", micros));
  }

  private static void assertNames(String variable, Map<String, String> environment) {
    IOException refused = assertThrows(IOException.class, () -> Supervision.of(environment, PID));
    assertTrue(String.valueOf(refused.getMessage()).startsWith(variable), refused.getMessage());
  }

  /** Answers as it is told to. */
  private static final class Subject implements Supervised {
    private final Semaphore asked = new Semaphore(0);
    private volatile Optional<String> still = Optional.empty();

    @Override
    public Optional<String> standstill(Duration patience) {
      asked.release();
      return still;
    }

    @Override
    public String summary() {
      return "so far so good";
    }

    @Override
    public void reload() {}

    @Override
    public void close() {}
  }
}
