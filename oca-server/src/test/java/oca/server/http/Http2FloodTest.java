package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import oca.server.http.Http2Client.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of HTTP/2 and floods beyond them (RFC 9113, section 10.5), on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class Http2FloodTest extends Http2Fixture {

  Http2FloodTest(HttpConfig.Choice choice) {
    super(choice);
  }

  @Test
  void streams_beyondTheLimit_areRefused() throws IOException {
    open("http2: {maxStreams: 3}");
    try (Http2Client client = h2c(0)) {
      for (int i = 0; i < 3; i++) {
        client.get("/t/small.mp4");
      }
      int fourth = client.get("/t/small.mp4");
      Frame reset = client.next(Http2Client.RST_STREAM);
      assertEquals(fourth, reset.stream());
      assertEquals(REFUSED_STREAM, reset.error());
      client.windowUpdate(1, WIDE);
      assertArrayEquals(small, client.answer(1).body());
    }
    await().until(() -> records.size() == 3);
  }

  @Test
  void rapidReset_isRefusedAndOthersServed() throws IOException {
    open("http2: {maxResets: 50}");
    flood(
        Http2Fault.RESETS,
        client -> {
          int stream = client.get("/t/big.mp4");
          client.frame(Http2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        });
    await().until(() -> source.openLeases.get() == 0);
  }

  @Test
  void resets_thatWeAreMadeToSend_areRefused() throws IOException {
    open("http2: {maxResets: 50}");
    flood(Http2Fault.RESETS_CAUSED, client -> client.get("/t/small.mp4", "connection", "x"));
  }

  @Test
  void settings_withoutEnd_areRefused() throws IOException {
    open("http2: {maxControlFrames: 100}");
    flood(Http2Fault.SETTINGS, client -> client.frame(Http2Client.SETTINGS, 0, 0, new byte[0]));
  }

  @Test
  void pings_withoutEnd_areRefused() throws IOException {
    open("http2: {maxControlFrames: 100}");
    flood(Http2Fault.PINGS, client -> client.frame(Http2Client.PING, 0, 0, new byte[8]));
  }

  @Test
  void priorities_withoutEnd_areRefused() throws IOException {
    open("http2: {maxControlFrames: 100}");
    flood(
        Http2Fault.OTHER_FRAMES,
        client -> client.frame(Http2Client.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}));
  }

  @Test
  void continuations_withoutEnd_areRefused() throws IOException {
    open();
    try (Http2Client first = h2c()) {
      first.frame(Http2Client.HEADERS, 1, 1, literals(":method", "GET"));
    }
    boolean[] begun = {false};
    flood(
        Http2Fault.FLOOD,
        client -> {
          int type = begun[0] ? Http2Client.CONTINUATION : Http2Client.HEADERS;
          begun[0] = true;
          client.frame(type, 0, 1, new byte[0]);
        });
  }

  @Test
  void emptyData_withoutEnd_isRefused() throws IOException {
    open();
    boolean[] begun = {false};
    flood(
        Http2Fault.FLOOD,
        client -> {
          if (begun[0]) {
            client.frame(Http2Client.DATA, 0, 1, new byte[0]);
          } else {
            begun[0] = true;
            client.request(Http2Client.head("POST", "/"), false);
          }
        });
  }

  private interface Wave {
    void on(Http2Client client) throws IOException;
  }

  private void flood(Http2Fault reason, Wave wave) throws IOException {
    try (Http2Client other = h2c();
        Http2Client client = h2c()) {
      client.next(Http2Client.SETTINGS);
      try {
        for (int i = 0; i < 5000; i++) {
          wave.on(client);
        }
      } catch (java.net.SocketException e) {
        // It was closed in the middle of it.
        assertTrue(e.getMessage() != null);
      }
      long error = client.end();
      assertTrue(error == ENHANCE_YOUR_CALM || error == -1, "error " + error);
      await().until(() -> listener.http2Faults().get(reason) == 1);
      assertArrayEquals(small, other.answer(other.get("/t/small.mp4")).body());
    }
    await().until(() -> listener.connections() == 0);
  }

  @Test
  void frame_tooLong_isRefused() throws IOException {
    try (Http2Client client = h2c()) {
      client.frame(Http2Client.DATA, 0, 1, new byte[16_385]);
      // What is not read of the frame may turn the end into a reset, which overtakes GOAWAY.
      long error = client.end();
      assertTrue(error == FRAME_SIZE_ERROR || error == -1, "error " + error);
    }
    await().until(() -> listener.http2Faults().get(Http2Fault.PROTOCOL) == 1);
    try (Http2Client client = h2c()) {
      assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
    }
  }

  @Test
  void section_notCompressed_isRefused() throws IOException {
    try (Http2Client client = h2c()) {
      client.frame(Http2Client.HEADERS, 5, 1, new byte[] {(byte) 0xff, (byte) 0xff, 0x7f});
      assertEquals(COMPRESSION_ERROR, client.end());
    }
  }

  @Test
  void streamId_evenOrOld_isRefused() throws IOException {
    open();
    try (Http2Client client = h2c()) {
      client.frame(Http2Client.HEADERS, 5, 2, client.section(Http2Client.head("GET", "/t/none")));
      assertEquals(PROTOCOL_ERROR, client.end());
    }
    try (Http2Client client = h2c()) {
      client.frame(Http2Client.DATA, 0, 1, new byte[1]);
      assertEquals(PROTOCOL_ERROR, client.end());
    }
  }
}
