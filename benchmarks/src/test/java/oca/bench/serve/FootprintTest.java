package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FootprintTest {
  @Test
  void kilobytes_namedLine_isInBytes() {
    List<String> lines = List.of("Pss_Anon:  1 kB", "Rss:            1234 kB", "Pss:  77 kB");

    assertEquals(1234 << 10, Footprint.kilobytes(lines, "Rss:"));
    assertEquals(77 << 10, Footprint.kilobytes(lines, "Pss:"));
    assertEquals(0, Footprint.kilobytes(lines, "Slab:"));
  }

  @Test
  void tcpPages_sockstat_isTheLastNumberOfTcp() {
    assertEquals(
        42,
        Footprint.tcpPages(
            List.of(
                "sockets: used 91",
                "TCP: inuse 36 orphan 0 tw 300 alloc 71 mem 42",
                "UDP: inuse 0 mem 7")));
  }

  @Test
  void of_thisProcess_isResidentAndHasFiles() throws IOException {
    Footprint footprint = Footprint.of(List.of(ProcessHandle.current().pid()));

    assertTrue(footprint.resident() >= footprint.proportional(), footprint::toString);
    assertTrue(footprint.proportional() > 0 && footprint.files() > 2, footprint::toString);
  }
}
