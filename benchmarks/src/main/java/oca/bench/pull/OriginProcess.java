package oca.bench.pull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import oca.protocol.Wire;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The origin's process: makes content up, and keeps a book of what it sends.
 *
 * <p>Prints {@code port N} when it serves. Then answers each line on its standard input with one
 * line, and ends with its input: {@code counts} with {@link OriginCounts} as JSON, {@code publish
 * N} with {@code at T} once live segments up to that one are there, T by {@link System#nanoTime},
 * and {@code ledger N FILE} with {@code written}, or {@code none} when nobody asked for the object.
 */
@Command(name = "origin", mixinStandardHelpOptions = true)
public final class OriginProcess implements Callable<Integer> {
  private static final int BACKLOG = 4096;

  @Option(names = "--rate", defaultValue = "0", description = "bytes a second; 0 for no limit")
  private long rate;

  @Option(names = "--holds", defaultValue = "false", description = "requests that come too early")
  private boolean holds;

  @Option(names = "--segment-bytes", defaultValue = "65536", description = "of live segments")
  private long segmentBytes = 65536;

  @Option(names = "--missing", defaultValue = "max-age=1", description = "Cache-Control of a 404")
  private String missing = "max-age=1";

  private final Shelf shelf = new Shelf();

  /** Runs until its input ends. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new OriginProcess()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      Thread.ofVirtual().name("accept").start(() -> accept(server));
      System.out.println("port " + server.socket().getLocalPort());
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(answer(line.split(" ", 3)));
      }
    }
    return 0;
  }

  private void accept(ServerSocketChannel server) {
    OriginRules rules = new OriginRules(holds, segmentBytes, missing);
    Throttle throttle = new Throttle(rate);
    Noise noise = new Noise();
    try {
      while (true) {
        SocketChannel channel = server.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        shelf.connections.incrementAndGet();
        Thread.ofVirtual().start(new OriginLine(channel, shelf, rules, throttle, noise));
      }
    } catch (ClosedChannelException e) {
      // The process ends.
    } catch (IOException e) {
      System.err.println("accepts no more: " + e);
    }
  }

  private String answer(String[] words) throws IOException {
    return switch (words[0]) {
      case "counts" -> new String(Wire.write(shelf.counts()), StandardCharsets.UTF_8);
      case "publish" -> {
        long now = System.nanoTime();
        shelf.publish(Long.parseLong(words[1]));
        yield "at " + now;
      }
      case "ledger" ->
          shelf.write(Long.parseLong(words[1]), Path.of(words[2])) ? "written" : "none";
      case String other -> "unknown: " + other;
    };
  }
}
