package oca.drill;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import oca.demo.Fleet;
import oca.demo.World;
import oca.drill.Drill.Fault;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/** The ways to do something wrong to a fleet, from outside of its processes. */
final class Faults {
  private static final int FILL_WAIT_MILLIS = 70_000;
  private static final int PAGE = 4096;

  /** One bit of so many bytes changes. */
  private static final int ROT_EVERY = 256 << 10;

  private Faults() {}

  /** What is done and undone, when that needs no more than two steps. */
  interface Step {
    void take(Stage stage) throws IOException, InterruptedException;
  }

  private record Steps(Step inject, Step revert) implements Fault {
    @Override
    public void inject(Stage stage) throws IOException, InterruptedException {
      inject.take(stage);
    }

    @Override
    public void revert(Stage stage) throws IOException, InterruptedException {
      revert.take(stage);
    }
  }

  static Fault steps(Step inject, Step revert) {
    return new Steps(inject, revert);
  }

  /** SIGKILL; what ended is started again by whoever runs the drill. */
  static Fault kill(String process) {
    return steps(stage -> stage.fleet().kill(process), Faults::nothing);
  }

  static Fault killVictim() {
    return steps(stage -> stage.fleet().kill(stage.victim()), Faults::nothing);
  }

  /**
   * SIGKILL to all appliances at the victim's site. Of two sites one is half of the fleet, which
   * steering would take for its own fault: here it is told to believe it. And no plan comes into
   * force meanwhile, for the demo's nights come every half minute and change what is held.
   */
  static Fault killSite() {
    return new Fault() {
      @Override
      public Optional<SiteId> loses(Stage stage) {
        return Optional.of(stage.victimSite());
      }

      @Override
      public void prepare(Stage stage) throws IOException {
        stage.startAnew(Fleet.STEERING, Optional.of("fleet: { lostShare: 0.6 }\n"), Map.of());
        stage.startAnew(Fleet.CONTROLLER, Optional.of("plans: { automatic: false }\n"), Map.of());
      }

      @Override
      public void inject(Stage stage) {
        for (World.Box box : World.BOXES) {
          if (box.site().equals(stage.victimSite())) {
            stage.fleet().kill(box.id().value());
          }
        }
      }

      @Override
      public void revert(Stage stage) throws IOException {
        stage.startAnew(Fleet.STEERING, Optional.empty(), Map.of());
        stage.startAnew(Fleet.CONTROLLER, Optional.empty(), Map.of());
      }
    };
  }

  static Fault stopVictim() {
    return steps(
        stage -> stage.signal(stage.victim(), "STOP"),
        stage -> stage.signal(stage.victim(), "CONT"));
  }

  /** System calls of the victim fail, or are late, as strace(1) has it ("sendfile:error=EIO"). */
  static Fault systemCalls(String... injections) {
    return steps(
        stage -> {
          List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null"));
          for (String injection : injections) {
            command.addAll(List.of("-e", "inject=" + injection));
          }
          command.addAll(List.of("-p", Long.toString(stage.fleet().pid(stage.victim()))));
          stage.startTool(
              stage.fleet().work().resolve("strace.log"), command.toArray(String[]::new));
        },
        stage -> {
          // A disk that failed stays out of service; with a new one the process starts anew.
          stage.endTools();
          stage.fleet().kill(stage.victim());
        });
  }

  /** A bit in each 256 KiB of the victim's files changes on its disks. */
  static Fault rotVictim(long seed) {
    return steps(
        stage -> {
          Random random = new Random(seed);
          int rotten = 0;
          for (Path file : contentFiles(stage)) {
            rot(stage, file, random);
            rotten++;
          }
          if (rotten == 0) {
            throw new IOException(stage.victim() + " holds no file to damage");
          }
        },
        Faults::nothing);
  }

  /** The victim is killed, its index taken away, and it starts again at once. */
  static Fault loseIndex() {
    return steps(
        stage -> {
          stage.fleet().kill(stage.victim());
          deleteTree(stage.victimIndex());
          stage.fleet().startAgain(stage.victim());
        },
        Faults::nothing);
  }

  /** Waits until some appliance fetches files, and kills it then. */
  static Fault killWhileFilling() {
    return steps(
        stage -> {
          for (int waited = 0; waited < FILL_WAIT_MILLIS; waited += 20) {
            for (World.Box box : World.BOXES) {
              if (stage.isFilling(box)) {
                stage.fleet().kill(box.id().value());
                return;
              }
            }
            Thread.sleep(20);
          }
          throw new IOException("nothing was filled within " + FILL_WAIT_MILLIS + " ms");
        },
        Faults::nothing);
  }

  static Fault cutHeartbeats() {
    return steps(stage -> stage.wires().steering().cut(), stage -> stage.wires().steering().mend());
  }

  /** So many connections to the victim, on each of which nothing comes. */
  static Fault storm(int connections) {
    return new Crowd(connections, "");
  }

  /** So many requests for a large file, of whose answers nobody reads more than the first bytes. */
  static Fault slowReaders(int connections) {
    return new Crowd(connections, "slow");
  }

  /** A reload with a configuration that is no use. */
  static Fault badReload() {
    return steps(
        stage -> {
          Path file = stage.fleet().work().resolve(stage.victim() + ".yaml");
          Files.copy(file, file.resolveSibling("kept.yaml"));
          Files.writeString(file, "id: [\nthis is no configuration\n");
          try {
            stage.order("v1/reload");
          } catch (IOException e) {
            // That it says no is what it should do.
          }
        },
        stage -> {
          Path file = stage.fleet().work().resolve(stage.victim() + ".yaml");
          Files.move(
              file.resolveSibling("kept.yaml"),
              file,
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        });
  }

  /** The publisher says that next to nothing is published any more. */
  static Fault emptyCatalogue() {
    return steps(
        stage -> {
          Path catalog = stage.library().root().resolve("catalog.json");
          Files.copy(catalog, catalog.resolveSibling(".catalog.kept"));
          var all = stage.library().catalog();
          String kept = all.files().getFirst().title();
          Files.write(
              catalog,
              Wire.write(
                  new Catalog(
                      all.version() + "-emptied",
                      all.files().stream().filter(file -> file.title().equals(kept)).toList())));
        },
        stage -> {
          Path catalog = stage.library().root().resolve("catalog.json");
          Files.move(
              catalog.resolveSibling(".catalog.kept"),
              catalog,
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        });
  }

  static void nothing(Stage stage) {}

  private static List<Path> contentFiles(Stage stage) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path disk : stage.victimDisks()) {
      Path content = disk.resolve("content");
      if (Files.isDirectory(content)) {
        try (Stream<Path> walk = Files.walk(content)) {
          walk.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  /**
   * Changes a bit in some pages and has the file leave memory, so that who reads next gets what
   * lies on the disk.
   */
  private static void rot(Stage stage, Path file, Random random)
      throws IOException, InterruptedException {
    try (FileChannel bytes =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      for (long at = ROT_EVERY / 2; at + PAGE <= bytes.size(); at += ROT_EVERY) {
        long place = at + random.nextInt(PAGE);
        bytes.read(one.clear(), place);
        one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
        bytes.write(one.flip(), place);
      }
    }
    String[] leave = {
      "dd", "if=/dev/null", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"
    };
    stage.runTool(leave);
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Clients that hold connections of the victim. */
  private static final class Crowd implements Fault {
    private final int connections;
    private final String kind;
    private final List<Socket> open = new ArrayList<>();

    Crowd(int connections, String kind) {
      this.connections = connections;
      this.kind = kind;
    }

    @Override
    public void inject(Stage stage) throws IOException {
      var largest =
          stage.library().catalog().files().stream()
              .max(java.util.Comparator.comparingLong(oca.protocol.CatalogEntry::length))
              .orElseThrow();
      for (int i = 0; i < connections; i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(
            new InetSocketAddress(stage.victimContent().host(), stage.victimContent().port()),
            2000);
        open.add(socket);
        if (!kind.isEmpty()) {
          socket
              .getOutputStream()
              .write(
                  ("GET /" + largest.path() + " HTTP/1.1\r\nHost: a\r\n\r\n")
                      .getBytes(StandardCharsets.US_ASCII));
        }
      }
    }

    @Override
    public void revert(Stage stage) throws IOException {
      for (Socket socket : open) {
        socket.close();
      }
      open.clear();
    }
  }
}
