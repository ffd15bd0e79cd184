package oca.drill;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.model.Prefix;

/**
 * As much of a router as a drill needs: an internal BGP session (RFC 4271) on which prefixes of
 * IPv4 are announced and withdrawn. It is not a BIRD because those take no prefix of 127.0.0.0/8
 * for a route, and all of the fleet lives there.
 */
final class Router implements AutoCloseable {
  private static final int OPEN = 1;
  private static final int UPDATE = 2;
  private static final int KEEPALIVE = 4;
  private static final int HEADER_BYTES = 19;
  private static final int HOLD_SECONDS = 90;
  private static final int PATIENCE_MILLIS = 20_000;

  /** ORIGIN IGP, an empty AS_PATH, NEXT_HOP 192.0.2.1, LOCAL_PREF 100 (section 5.1). */
  private static final byte[] ATTRIBUTES = {
    0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, (byte) 192, 0, 2, 1, 0x40, 5, 4, 0, 0, 0, 100
  };

  private final Socket socket;
  private final OutputStream out;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Opens a session and waits until it stands.
   *
   * @param from the router's own address
   * @param as of both sides
   */
  Router(String from, int port, int as) throws IOException {
    socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      send(OPEN, open(as));
      await(in, OPEN);
      send(KEEPALIVE, new byte[0]);
      await(in, KEEPALIVE);
      socket.setSoTimeout(0);
      Thread.ofVirtual().name("router").start(() -> drain(in));
      Thread.ofVirtual().name("router-alive").start(this::keepAlive);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private byte[] open(int as) {
    byte[] id = socket.getLocalAddress().getAddress();
    // Capabilities: IPv4 unicast (RFC 4760) and AS numbers of four bytes (RFC 6793).
    return ByteBuffer.allocate(24)
        .put((byte) 4)
        .putShort((short) as)
        .putShort((short) HOLD_SECONDS)
        .put(id)
        .put(new byte[] {14, 2, 12, 1, 4, 0, 1, 0, 1, 65, 4})
        .putInt(as)
        .array();
  }

  void announce(Prefix prefix) throws IOException {
    byte[] route = route(prefix);
    send(
        UPDATE,
        ByteBuffer.allocate(4 + ATTRIBUTES.length + route.length)
            .putShort((short) 0)
            .putShort((short) ATTRIBUTES.length)
            .put(ATTRIBUTES)
            .put(route)
            .array());
  }

  void withdraw(Prefix prefix) throws IOException {
    byte[] route = route(prefix);
    send(
        UPDATE,
        ByteBuffer.allocate(4 + route.length)
            .putShort((short) route.length)
            .put(route)
            .putShort((short) 0)
            .array());
  }

  /** Length in bits, and as many bytes as those need (section 4.3). */
  private static byte[] route(Prefix prefix) throws IOException {
    String[] parts = prefix.toString().split("/", -1);
    int bits = Integer.parseInt(parts[1]);
    byte[] address = InetAddress.getByName(parts[0]).getAddress();
    return ByteBuffer.allocate(1 + (bits + 7) / 8)
        .put((byte) bits)
        .put(address, 0, (bits + 7) / 8)
        .array();
  }

  private synchronized void send(int type, byte[] body) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + body.length);
    for (int i = 0; i < 16; i++) {
      message.put((byte) 0xff);
    }
    message.putShort((short) message.capacity()).put((byte) type).put(body);
    out.write(message.array());
    out.flush();
  }

  private static void await(DataInputStream in, int due) throws IOException {
    int type = read(in);
    if (type != due) {
      throw new IOException("steering answered with a BGP message of type " + type);
    }
  }

  private static int read(DataInputStream in) throws IOException {
    in.skipNBytes(16);
    int length = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    in.skipNBytes(length - HEADER_BYTES);
    return type;
  }

  private void drain(DataInputStream in) {
    try {
      while (closed.getCount() > 0) {
        read(in);
      }
    } catch (IOException e) {
      closed.countDown(); // the session is over
    }
  }

  private void keepAlive() {
    try {
      while (!closed.await(HOLD_SECONDS / 3, TimeUnit.SECONDS)) {
        send(KEEPALIVE, new byte[0]);
      }
    } catch (IOException e) {
      closed.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
