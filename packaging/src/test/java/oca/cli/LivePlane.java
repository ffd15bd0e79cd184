package oca.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.HeartbeatReply;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/** Controller, steering and origin of one appliance, and an upstream that says what it is told. */
final class LivePlane implements AutoCloseable {
  static final String PATH = "titles/a.mp4";
  static final int LENGTH = 24 << 20;
  private static final Pattern LENGTH_FIELD = Pattern.compile("(?i)content-length: (\\d+)");

  final Semaphore beats = new Semaphore(0);
  final Semaphore looks = new Semaphore(0);
  volatile CountDownLatch hanging = new CountDownLatch(0);

  /** What the upstream answers; without anything it closes the connection. */
  volatile String upstream = "";

  private final byte[] bytes = new byte[LENGTH];
  private final ControlListener listener;
  private final ServerSocket socket;

  LivePlane() throws Exception {
    Arrays.fill(bytes, (byte) 'x');
    listener =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("POST", "/v1/heartbeats", _ -> beat())
            .route("POST", "/v1/inventories", _ -> Response.empty(204))
            .route("POST", "/v1/inventory-deltas", _ -> Response.empty(204))
            .route("POST", "/v1/fill-reports", _ -> Response.empty(204))
            .route("GET", "/v1/manifests/", _ -> manifest())
            .route("GET", "/" + PATH, this::file);
    listener.start();
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String uri() {
    return listener.endpoint().http("").toString();
  }

  String upstreamUri() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** Whether so many come within so many milliseconds from now. */
  static boolean come(Semaphore counted, int many, int millis) throws InterruptedException {
    counted.drainPermits();
    return counted.tryAcquire(many, millis, TimeUnit.MILLISECONDS);
  }

  private Response beat() throws IOException {
    beats.release();
    try {
      var _ = hanging.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Response.message(new HeartbeatReply(false));
  }

  private Response manifest() throws IOException {
    looks.release();
    CatalogEntry file =
        new CatalogEntry(PATH, "a", LENGTH, sha256(bytes), "video/mp4", Instant.EPOCH);
    return Response.message(
        new FillManifest(
            new ApplianceId("north-1"),
            1,
            new FillManifest.FillWindow(Instant.EPOCH, Instant.parse("2999-01-01T00:00:00Z")),
            1_000_000_000,
            null,
            List.of(FillManifest.Entry.from(file, List.of(listener.endpoint().http(PATH))))));
  }

  private Response file(Request request) {
    String range = request.header("range").orElse("");
    if (range.isEmpty()) {
      return Response.bytes("video/mp4", bytes);
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int last = ends[1].isEmpty() ? LENGTH - 1 : Integer.parseInt(ends[1]);
    return new Response(
        206,
        Map.of(
            "Content-Type",
            "video/mp4",
            "Content-Range",
            "bytes " + first + "-" + last + "/" + LENGTH),
        Arrays.copyOfRange(bytes, first, last + 1));
  }

  private static String sha256(byte[] of) throws IOException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(of));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        Socket one = socket.accept();
        Thread.ofVirtual().start(() -> answer(one));
      }
    } catch (IOException e) {
      // It is closed.
      hanging.countDown();
    }
  }

  /** One answer for each connection, when a head has come. */
  private void answer(Socket one) {
    try (one) {
      InputStream in = one.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      Matcher length = LENGTH_FIELD.matcher(head);
      if (length.find()) {
        // Or the answer would be lost to a reset.
        in.readNBytes(Integer.parseInt(length.group(1)));
      }
      one.getOutputStream().write(upstream.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // Whoever asked has gone.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    hanging.countDown();
    listener.close();
    socket.close();
  }
}
