package oca.store.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
  @TempDir private Path folder;

  @Test
  void of_headerCommasAndNoSize_areRead() throws Exception {
    try (Recording recording = record("time,object,size\n1,/a,b,7\n1.5,/c,9\r\n\n2,/a,b,7")) {
      assertEquals(3, recording.requests());
      assertEquals(2, recording.objects());
      assertEquals(16, recording.footprint());
      assertEquals(23, recording.bytes());
    }
    try (Recording recording = record("1,a\n2,b\n3,a\n")) {
      assertEquals(2, recording.footprint());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,a,5\\nx,b,5|2: the time is not a number of seconds in \"x,b,5\"",
        "1,a,5\\n2,b,-5|2: the size is not a number of bytes in \"2,b,-5\"",
        "1,a,5\\n2,b,99999999999999999999|2: the size is not a number of bytes in",
        "1,a,5\\n\\n3,,5|3: no object in \"3,,5\"",
        "1,a,5\\n17|2: no comma in \"17\""
      })
  void of_badLine_namesFileLineAndRemedy(String text, String told) throws Exception {
    TraceException e =
        assertThrows(TraceException.class, () -> record(text.replace("\\n", "\n")).close());
    String message = e.getMessage();
    assertEquals(folder.resolve("t.csv") + ":" + told, message.substring(0, length(told)));
    assertEquals("; write time,object,size", message.substring(message.lastIndexOf(';')));
    try (var left = Files.list(folder)) {
      assertEquals(1, left.count(), "the temporary file is gone");
    }
  }

  private int length(String told) {
    return (folder.resolve("t.csv") + ":" + told).length();
  }

  private Recording record(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("t.csv"), text);
    return Recording.of(new TraceFile(file), folder);
  }
}
