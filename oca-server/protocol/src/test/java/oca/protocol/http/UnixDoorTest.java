package oca.protocol.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import oca.model.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnixDoorTest {
  private final ControlListener listener;
  private Path folder;
  private Path path;

  UnixDoorTest() throws IOException {
    listener =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), new ControlListener.Limits(1 << 20, 8));
    listener
        .route("GET", "/hello", _ -> Response.text("text/plain", "hello"))
        .route("POST", "/length", it -> Response.text("text/plain", "" + it.body().length))
        .start();
  }

  /** Short, for a socket's path has at most 107 bytes. */
  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory(Path.of("/tmp"), "door");
    path = folder.resolve("admin.sock");
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
    Files.deleteIfExists(path);
    Files.delete(folder);
  }

  @Test
  void request_throughTheDoor_isAnsweredLikeAnyOther() throws IOException {
    try (UnixDoor door = UnixDoor.open(path, listener, 4)) {
      assertEquals(path, door.path());
      assertTrue(
          ask("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").endsWith("hello"));
      String body = "b".repeat(300_000);
      assertTrue(
          ask("POST /length HTTP/1.1\r\n"
                  + "Host: x\r\n"
                  + "Connection: close\r\n"
                  + "Content-Length: 300000\r\n\r\n"
                  + body)
              .endsWith("300000"));
    }
  }

  @Test
  void open_always_makesAFileForOwnerAndGroupAndCloseDeletesIt() throws IOException {
    try (UnixDoor door = UnixDoor.open(path, listener, 4)) {
      assertEquals(
          "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(door.path())));
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void open_socketLeftByACrash_isReplaced() throws IOException {
    try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      gone.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    try (UnixDoor door = UnixDoor.open(path, listener, 4)) {
      assertTrue(ask("GET /hello HTTP/1.0\r\n\r\n").endsWith("hello"), door.path().toString());
    }
  }

  @Test
  void open_socketThatIsListenedOn_isRefusedAndLeftAlone() throws IOException {
    try (UnixDoor door = UnixDoor.open(path, listener, 4)) {
      IOException e =
          assertThrows(IOException.class, () -> UnixDoor.open(path, listener, 4).close());
      assertTrue(e.getMessage().contains("another process"), e.getMessage());
      assertTrue(ask("GET /hello HTTP/1.0\r\n\r\n").endsWith("hello"), door.path().toString());
    }
  }

  @Test
  void open_fileThatIsNoSocket_isRefusedAndLeftAlone() throws IOException {
    Files.writeString(path, "precious");
    IOException e = assertThrows(IOException.class, () -> UnixDoor.open(path, listener, 4).close());
    assertTrue(e.getMessage().contains("no socket"), e.getMessage());
    assertEquals("precious", Files.readString(path));
  }

  @Test
  void close_fileReplacedBySomebodyElse_leavesItAlone() throws IOException {
    UnixDoor door = UnixDoor.open(path, listener, 4);
    Files.delete(path);
    Files.writeString(path, "theirs");
    door.close();
    assertEquals("theirs", Files.readString(path));
  }

  @Test
  void connect_moreThanAllowed_isClosedAndCounted() throws IOException {
    try (UnixDoor door = UnixDoor.open(path, listener, 1);
        SocketChannel first = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      // Whoever is answered has been taken in.
      first.write(bytes("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"));
      assertTrue(first.read(ByteBuffer.allocate(1000)) > 0);
      try (SocketChannel second = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        assertEquals(-1, second.read(ByteBuffer.allocate(1)));
      }
      assertEquals(1, door.refused());
    }
  }

  @Test
  void connection_endedByTheListener_givesItsPlaceBackThoughTheClientStays() throws IOException {
    try (UnixDoor door = UnixDoor.open(path, listener, 1);
        SocketChannel stays = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      stays.write(bytes("GET /hello HTTP/1.0\r\n\r\n"));
      // Until then whoever comes is closed at once, which a client may see as a reset.
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> ask("GET /hello HTTP/1.0\r\n\r\n").endsWith("hello"));
      assertEquals(path, door.path());
    }
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      ByteBuffer out = bytes(request);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer in = ByteBuffer.allocate(4096);
      while (channel.read(in.clear()) >= 0) {
        all.write(in.array(), 0, in.position());
      }
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
