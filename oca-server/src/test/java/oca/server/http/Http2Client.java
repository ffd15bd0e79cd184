package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Says exactly the frames it is told over one connection, and reads frames. */
final class Http2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
  private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();
  private final Map<Integer, Http2Headers> heads = new HashMap<>();
  private int lastStream = -1;
  private Frame goAway;

  /** Whether SETTINGS are acknowledged as they come. */
  boolean acknowledges = true;

  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean isLast() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** The error of RST_STREAM, or of GOAWAY. */
    long error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0) & 0xffffffffL;
    }

    int lastStreamId() {
      return ByteBuffer.wrap(payload).getInt();
    }
  }

  record Answer(Http2Headers head, byte[] body) {
    int status() {
      return Integer.parseInt(head.status().toString());
    }

    String field(String name) {
      CharSequence value = head.get(name);
      return value == null ? "" : value.toString();
    }
  }

  /** Begins with the preface and a window of so many bytes for each stream. */
  Http2Client(Socket socket, int window) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
    windowUpdate(0, 1 << 30);
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    socket.getOutputStream().write(bytes(type, flags, stream, payload));
  }

  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  void windowUpdate(int stream, int bytes) throws IOException {
    frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  /** A GET, with further fields by names and values in turns. */
  int get(String path, String... fields) throws IOException {
    return request(head("GET", path, fields), true);
  }

  static Http2Headers head(String method, String path, String... fields) {
    Http2Headers head =
        new DefaultHttp2Headers(false).method(method).scheme("https").authority("x").path(path);
    for (int i = 0; i < fields.length; i += 2) {
      head.add(fields[i], fields[i + 1]);
    }
    return head;
  }

  int request(Http2Headers head, boolean isWhole) throws IOException {
    lastStream += 2;
    frame(HEADERS, END_HEADERS | (isWhole ? END_STREAM : 0), lastStream, section(head));
    return lastStream;
  }

  byte[] section(Http2Headers head) {
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(lastStream, head, out);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    return ByteBufUtil.getBytes(out);
  }

  /** The next frame, whatever it is; SETTINGS are acknowledged. */
  Frame next() throws IOException {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    Frame frame =
        new Frame(lengthAndType & 0xff, flags, stream, in.readNBytes(lengthAndType >>> 8));
    switch (frame.type) {
      case SETTINGS -> {
        if ((flags & ACK) == 0 && acknowledges) {
          frame(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      case HEADERS -> {
        try {
          heads.put(stream, decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(frame.payload)));
        } catch (Http2Exception e) {
          throw new IOException(e);
        }
      }
      case DATA ->
          bodies.computeIfAbsent(stream, _ -> new ByteArrayOutputStream()).write(frame.payload);
      case GOAWAY -> goAway = frame;
      default -> {}
    }
    return frame;
  }

  /** Reads on to a frame of a type. */
  Frame next(int type) throws IOException {
    Frame frame = next();
    while (frame.type != type) {
      frame = next();
    }
    return frame;
  }

  /** Reads on to the end of a stream; throws when it is reset. */
  Answer answer(int stream) throws IOException {
    for (; ; ) {
      Frame frame = next();
      if (frame.stream == stream && frame.type == RST_STREAM) {
        throw new EOFException("reset with error " + frame.error());
      }
      if (frame.stream == stream && frame.isLast()) {
        return answered(stream);
      }
    }
  }

  /** What has come of a stream up to now. */
  Answer answered(int stream) {
    ByteArrayOutputStream body = bodies.remove(stream);
    return new Answer(heads.get(stream), body == null ? new byte[0] : body.toByteArray());
  }

  /** The error that the other side ends the connection for; -1 when it just ends it. */
  long end() throws IOException {
    try {
      return goAway == null ? next(GOAWAY).error() : goAway.error();
    } catch (EOFException | SocketException e) {
      return -1; // a reset may overtake GOAWAY
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
