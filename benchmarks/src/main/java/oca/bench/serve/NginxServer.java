package oca.bench.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * nginx from the system, with the configuration in the resources. {@code nginx} has tcp_nopush on
 * and {@code nginx-nopush} has it off.
 */
record NginxServer(String name, int port, Path data, Child child) implements Server {
  private static final double WARM_UP_SECONDS = 0.5;
  private static final int CHUNK = 1 << 20;
  private static final int ATTEMPTS = 500;
  private static final long PAUSE_NANOS = 20_000_000;

  static NginxServer start(Settings settings, String name, Optional<Certificate> tls)
      throws IOException {
    ServerName named = ServerName.of(name);
    String label = tls.isPresent() ? named.folder() + "-tls" : named.folder();
    Path root = settings.folder().resolve("www").toAbsolutePath();
    layOut(root, settings.fileBytes());
    Path home = settings.folder().resolve(label).toAbsolutePath();
    Files.createDirectories(home.resolve("temp"));
    int port = freePort();
    Path config = home.resolve("nginx.conf");
    Files.writeString(config, config(settings, named, tls, root, port));
    Child child =
        Child.start(
            List.of(binary(), "-p", home.toString(), "-c", config.toString(), "-g", "daemon off;"),
            settings.serverCpus(),
            settings.folder().resolve(label + ".log"));
    NginxServer server = new NginxServer(name, port, root, child);
    try {
      server.awaitListening();
      return server;
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private static String config(
      Settings settings, ServerName name, Optional<Certificate> tls, Path root, int port)
      throws IOException {
    String secured = "";
    if (tls.isPresent()) {
      secured =
          filled(
              "nginx-tls.conf",
              Map.of(
                  "certificate", tls.get().certificate().toString(),
                  "privateKey", tls.get().privateKey().toString(),
                  "suite", settings.cipherSuite()));
    }
    String user = Objects.requireNonNullElse(System.getProperty("user.name"), "");
    String usual =
        filled(
            "nginx.conf",
            Map.of(
                // Started by root, its workers would be somebody who cannot read the file.
                "user",
                user.equals("root") ? "user root;" : "",
                "workers",
                String.valueOf(settings.workers()),
                "nopush",
                name.kind().equals("nginx") ? "on" : "off",
                "port",
                String.valueOf(port),
                "ssl",
                tls.isPresent() ? "ssl" : "",
                "tls",
                secured,
                "root",
                root.toString()));
    return withSettings(usual, name);
  }

  /**
   * A directive of the http block takes the place of the usual one, or stands beside the others.
   */
  private static String withSettings(String usual, ServerName name) {
    String text = usual;
    for (String setting : name.settings()) {
      String directive = setting.replaceFirst("=", " ");
      String key = directive.substring(0, directive.indexOf(' ') + 1);
      Pattern line = Pattern.compile("^    " + Pattern.quote(key) + ".*;$", Pattern.MULTILINE);
      String wanted = Matcher.quoteReplacement("    " + directive + ";");
      text =
          line.matcher(text).find()
              ? line.matcher(text).replaceFirst(wanted)
              : text.replaceFirst("(?m)^http \\{$", "http {\n" + wanted);
    }
    return text;
  }

  private static String filled(String template, Map<String, String> values) throws IOException {
    try (InputStream in = NginxServer.class.getResourceAsStream(template)) {
      String text =
          new String(
              Objects.requireNonNull(in, template).readAllBytes(), StandardCharsets.US_ASCII);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return text;
    }
  }

  /** Debian keeps it where only root's PATH looks. */
  static String binary() throws IOException {
    for (String folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(folder, "nginx"))) {
        return folder + "/nginx";
      }
    }
    throw new IOException("not installed");
  }

  private static void layOut(Path root, long length) throws IOException {
    Path file = root.resolve(MadeBytes.PATH);
    if (Files.exists(file) && Files.size(file) == length) {
      return;
    }
    Files.createDirectories(root);
    Path unfinished = root.resolve("unfinished");
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK);
      for (long at = 0; at < length; at += bytes.limit()) {
        bytes.clear().limit((int) Math.min(CHUNK, length - at));
        MadeBytes.fill(bytes, at);
        bytes.flip();
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    Files.move(
        unfinished,
        file,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws IOException {
    for (int i = 0; i < ATTEMPTS && child.alive(); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (ConnectException e) {
        // It is not up yet; how often this may be is counted.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    throw new IOException(name + " did not start; see its log in " + data.resolveSibling(name));
  }

  @Override
  public List<Long> pids() {
    return child.pids();
  }

  @Override
  public OptionalLong allocated() {
    return OptionalLong.empty();
  }

  @Override
  public double warmUpSeconds() {
    return WARM_UP_SECONDS;
  }

  @Override
  public void close() {
    child.close();
  }
}
