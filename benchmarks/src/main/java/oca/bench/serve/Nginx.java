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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The system's nginx: where it is, its configuration from a template, and its start. */
public final class Nginx {
  private static final int CHUNK = 1 << 20;
  private static final int ATTEMPTS = 500;
  private static final long PAUSE_NANOS = 20_000_000;

  private Nginx() {}

  /**
   * Debian keeps it where only root's PATH looks.
   *
   * @throws IOException when it is not installed
   */
  public static String binary() throws IOException {
    for (String folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(folder, "nginx"))) {
        return folder + "/nginx";
      }
    }
    throw new IOException("not installed (Debian: apt install nginx)");
  }

  /** What it says of its build: version and options. */
  public static String options() throws IOException {
    Process process = new ProcessBuilder(binary(), "-V").redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /**
   * Starts one, and waits until it listens.
   *
   * @param label names its folder and its log
   * @param config its whole configuration
   * @param port where it will listen, on 127.0.0.1
   * @throws IOException when it does not listen within some seconds; its log is named
   */
  public static Child start(Settings settings, String label, String config, int port)
      throws IOException {
    Path home = settings.folder().resolve(label).toAbsolutePath();
    Files.createDirectories(home.resolve("temp"));
    Path file = home.resolve("nginx.conf");
    Files.writeString(file, config);
    Child child =
        Child.start(
            List.of(binary(), "-p", home.toString(), "-c", file.toString(), "-g", "daemon off;"),
            settings.serverCpus(),
            settings.folder().resolve(label + ".log"));
    try {
      awaitListening(child, home, port);
      return child;
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private static void awaitListening(Child child, Path home, int port) throws IOException {
    for (int i = 0; i < ATTEMPTS && child.alive(); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (ConnectException e) {
        // It is not up yet; how often this may be is counted.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    throw new IOException("nginx did not start; see error.log in " + home);
  }

  /** A port that nobody listens on now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The line that its workers need to read what root has written. */
  public static String user() {
    String user = Objects.requireNonNullElse(System.getProperty("user.name"), "");
    return user.equals("root") ? "user root;" : "";
  }

  /** A template among the resources of a class, with each <code>${name}</code> filled in. */
  public static String filled(Class<?> room, String template, Map<String, String> values)
      throws IOException {
    try (InputStream in = room.getResourceAsStream(template)) {
      String text =
          new String(
              Objects.requireNonNull(in, template).readAllBytes(), StandardCharsets.US_ASCII);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return text;
    }
  }

  /**
   * The same configuration with a name's settings: a directive of the http block takes the place of
   * the usual one, or stands beside the others.
   */
  public static String withSettings(String usual, ServerName name) {
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

  /** Writes the file of {@link MadeBytes} into a folder, if it is not there with that length. */
  public static void layOut(Path root, long length) throws IOException {
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
        unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
