package oca.steering.routes.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import oca.model.Address;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.steering.routes.bgp.wire.AsPath;
import oca.steering.routes.bgp.wire.Capability;
import oca.steering.routes.bgp.wire.Decoded;
import oca.steering.routes.bgp.wire.Family;
import oca.steering.routes.bgp.wire.Message;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bgp.wire.MessageDecoder;
import oca.steering.routes.bgp.wire.MessageEncoder;
import oca.steering.routes.bgp.wire.Negotiated;
import oca.steering.routes.bgp.wire.Nlri;

/** A router that says exactly what a test says. */
public final class ScriptedPeer implements AutoCloseable {
  static final long AS = 65_000;

  private final Socket socket;
  private final DataInputStream in;

  /** Connects from an address of the loopback network. */
  public ScriptedPeer(Endpoint listener, String from) throws IOException {
    socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.setSoTimeout(20_000);
    socket.connect(listener.resolve());
    in = new DataInputStream(socket.getInputStream());
  }

  public static Open open(Capability... more) {
    List<Capability> capabilities = new ArrayList<>(List.of(more));
    capabilities.add(new Capability.Multiprotocol(1, 1));
    capabilities.add(new Capability.Multiprotocol(2, 1));
    capabilities.add(new Capability.FourOctetAs(AS));
    return new Open(AS, 90, Address.parse("192.0.2.9"), capabilities);
  }

  static Capability restart(int seconds, boolean forwarding) {
    return new Capability.GracefulRestart(
        false,
        seconds,
        List.of(new Capability.Kept(1, 1, forwarding), new Capability.Kept(2, 1, forwarding)));
  }

  public static Update routes(String... prefixes) {
    return Update.of(List.of(), nlri(prefixes), AsPath.of(65_001, 65_002), 7);
  }

  static List<Nlri> nlri(String... prefixes) {
    return List.of(prefixes).stream().map(p -> new Nlri(Prefix.parse(p), 0)).toList();
  }

  public void send(Message... messages) throws IOException {
    for (Message message : messages) {
      socket.getOutputStream().write(MessageEncoder.encode(message, Negotiated.PLAIN));
    }
  }

  void sendHex(String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** Sends as much as the other side takes. */
  void sendBytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      // It has ended the session meanwhile, as it may.
    }
  }

  /** Goes through all states up to where routes flow. */
  public void establish(Open open) throws IOException {
    send(open);
    assertInstanceOf(Open.class, receive());
    assertEquals(new Keepalive(), receive());
    send(new Keepalive());
    for (Family family : Family.values()) {
      if (open.has(family)) {
        assertEquals(Update.endOf(family), receive());
      }
    }
  }

  Message receive() throws IOException {
    byte[] header = new byte[MessageDecoder.HEADER];
    in.readFully(header);
    int length = MessageDecoder.length(ByteBuffer.wrap(header), 0);
    byte[] message = java.util.Arrays.copyOf(header, length);
    in.readFully(message, header.length, length - header.length);
    Decoded decoded =
        MessageDecoder.decode(ByteBuffer.wrap(message), Negotiated.PLAIN, MessageDecoder.MAX);
    return assertInstanceOf(Decoded.Read.class, decoded).message();
  }

  /** Reads up to the NOTIFICATION, and sees that the connection ends with it. */
  Notification last() throws IOException {
    Message message = receive();
    while (!(message instanceof Notification notification)) {
      message = receive();
    }
    assertEquals(-1, in.read());
    return notification;
  }

  /** Sees that the connection ends, with or without a reset. */
  void assertClosed() {
    try {
      // Whatever it had to say first.
      in.readAllBytes();
    } catch (IOException e) {
      // A reset is an end as well.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
