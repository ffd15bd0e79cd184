package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that lets wrong answers pass would praise a server for them. */
@Timeout(60)
class LoadRunTest {
  private static final int SIZE = 16 << 10;
  private static final int REQUESTS = 20;
  private static final UnaryOperator<String> RIGHT_HEAD = UnaryOperator.identity();
  private static final UnaryOperator<byte[]> RIGHT_BODY = UnaryOperator.identity();

  @Test
  void run_rightAnswers_areCounted() throws IOException {
    LoadResult result = run(true, RIGHT_HEAD, RIGHT_BODY);

    assertEquals(REQUESTS, result.requests());
    assertEquals((long) REQUESTS * SIZE, result.bytes());
    assertTrue(result.maxMillis() > 0);
  }

  @Test
  void run_rightAnswersUnverified_areCounted() throws IOException {
    assertEquals((long) REQUESTS * SIZE, run(false, RIGHT_HEAD, RIGHT_BODY).bytes());
  }

  @Test
  void run_oneWrongByteVerified_isAFault() {
    UnaryOperator<byte[]> wrong =
        bytes -> {
          bytes[SIZE - 1]++;
          return bytes;
        };

    assertFault("a wrong byte at", true, RIGHT_HEAD, wrong);
  }

  @Test
  void run_otherRange_isAFault() {
    assertFault("was answered with", false, head -> head.replace("bytes ", "bytes 1"), RIGHT_BODY);
  }

  @Test
  void run_otherFile_isAFault() {
    assertFault(
        "was answered with",
        false,
        head -> head.replace("/" + WrongServer.FILE_BYTES, "/1"),
        RIGHT_BODY);
  }

  @Test
  void run_wholeFileStatus_isAFault() {
    assertFault("was answered with", false, head -> head.replace("206", "200"), RIGHT_BODY);
  }

  @Test
  void run_twoLengths_isAFault() {
    assertFault(
        "was answered with",
        false,
        head -> head.replace("Content-Range", "Content-Length: " + SIZE + "\r\nContent-Range"),
        RIGHT_BODY);
  }

  @Test
  void run_byteTooMany_isAFault() {
    assertFault("", false, RIGHT_HEAD, bytes -> Arrays.copyOf(bytes, SIZE + 1));
  }

  private static void assertFault(
      String message, boolean verify, UnaryOperator<String> head, UnaryOperator<byte[]> body) {
    IOException fault = assertThrows(IOException.class, () -> run(verify, head, body));
    assertTrue(fault.getMessage().contains(message), fault.getMessage());
  }

  private static LoadResult run(
      boolean verify, UnaryOperator<String> head, UnaryOperator<byte[]> body) throws IOException {
    try (WrongServer server = new WrongServer(head, body);
        LoadRun run =
            LoadRun.connect(
                new LoadOrder(
                    server.port(),
                    MadeBytes.PATH,
                    "",
                    1,
                    SIZE,
                    WrongServer.FILE_BYTES,
                    0,
                    0,
                    REQUESTS,
                    verify,
                    7,
                    List.of(ProcessHandle.current().pid())))) {
      return run.run();
    }
  }
}
