package oca.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Current;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordLog;
import oca.protocol.records.RecordsConfig;
import oca.server.http.HttpConfig;
import oca.server.http.HttpListener;
import oca.server.http.InheritedSockets;
import oca.server.pull.PullConfig;
import oca.server.pull.PullServices;
import oca.server.pull.PullSource;
import oca.server.records.ServeLog;
import oca.store.Admission;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.ContentSource;
import oca.store.DiskStore;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Lookup;
import oca.store.Provenance;
import oca.store.StoreConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A server of ours for measurements: a real store with one file, filled when it is not there yet,
 * behind the product's listener, and services that pull if it is told of some.
 *
 * <p>Prints {@code port N transport} when it serves. Then answers each line on its standard input
 * with one line, and ends with its input: {@code allocated} with the bytes that all threads have
 * allocated so far, {@code spool} with {@link oca.protocol.records.SpoolStatus}, {@code memory}
 * with {@link ServerMemory} and {@code counters} with {@link Counters}, all as JSON.
 */
@Command(name = "server", mixinStandardHelpOptions = true)
public final class ServerProcess implements Callable<Integer> {
  private static final int FILL_BYTES = 1 << 20;

  @Option(names = "--folder", required = true, description = "where the store is or will be")
  private Path folder = Path.of("");

  @Option(names = "--file-bytes", defaultValue = "0", description = "the file's length; 0 for none")
  private long fileBytes;

  @Option(names = "--pull", description = "services that pull, a configuration as YAML")
  private @Nullable Path pull;

  @Option(names = "--records", description = "what becomes of records, a configuration as YAML")
  private @Nullable Path records;

  @Option(names = "--transport", defaultValue = "auto", description = "as in the configuration")
  private String transport = "auto";

  @Option(names = "--event-loops", defaultValue = "1")
  private int eventLoops = 1;

  @Option(names = "--set", description = "of the listener's configuration, such as chunk=512KiB")
  private List<String> settings = List.of();

  @Option(names = "--certificate", description = "PEM; TLS is served when it is given")
  private @Nullable Path certificate;

  @Option(names = "--private-key", description = "PEM")
  private @Nullable Path privateKey;

  @Option(names = "--cipher-suite", description = "the only one")
  private @Nullable String cipherSuite;

  /** Runs until its input ends. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new ServerProcess()).execute(args));
  }

  @Override
  public Integer call() throws IOException, ConfigException {
    if (fileBytes == 0) {
      serve(_ -> Lookup.Miss.MISS);
      return 0;
    }
    try (DiskStore store = DiskStore.open(storeConfig())) {
      store.recovery().join();
      ContentId id = ContentId.ofPath(MadeBytes.PATH);
      fill(store, new ContentKey(id.high(), id.low()));
      serve(store);
    }
    return 0;
  }

  private void serve(ContentSource content) throws IOException, ConfigException {
    Path services = pull;
    if (services == null) {
      serve(content, PullSource.NONE);
      return;
    }
    try (PullServices pulls =
        PullServices.open(
            ConfigFile.read(services, PullConfig.class),
            InstantSource.system(),
            "oca",
            "benchmark")) {
      serve(content, pulls);
    }
  }

  private void serve(ContentSource content, PullSource pulls) throws IOException, ConfigException {
    try (ControlClient client = new ControlClient(Duration.ofSeconds(5));
        RecordLog<ServeRecord> log =
            ServeLog.start(new ApplianceId("benchmark"), "boot", recordsConfig(), client);
        HttpListener listener =
            HttpListener.open(
                Current.of(httpConfig()),
                content,
                pulls,
                records == null ? _ -> {} : log,
                InstantSource.system(),
                InheritedSockets.none())) {
      Endpoint served = listener.tlsEndpoint().orElseGet(listener::endpoint);
      System.out.println("port " + served.port() + " " + listener.transport());
      answer(listener, log);
    }
  }

  private RecordsConfig recordsConfig() throws ConfigException {
    Path given = records;
    return given == null
        ? ConfigFile.parse("records", "{}", RecordsConfig.class)
        : ConfigFile.read(given, RecordsConfig.class);
  }

  /** Defaults, but for what would end a long run or hide what is measured. */
  private HttpConfig httpConfig() throws ConfigException {
    String text =
        """
        listen: 127.0.0.1:0
        transport: %s
        eventLoops: %d
        maxRequestsPerConnection: 2000000000
        %s\
        """
            .formatted(transport, eventLoops, set() + tls());
    return ConfigFile.parse("benchmark", text, HttpConfig.class);
  }

  private String set() {
    return new ServerName("", "", settings).lines(": ", "");
  }

  /** The lines of the listener's configuration that have it serve TLS. */
  private String tls() {
    return OurTls.lines(certificate, privateKey, cipherSuite);
  }

  /** One volume, never scrubbed: a scrub would read the file into the page cache. */
  private StoreConfig storeConfig() {
    StoreConfig usual =
        StoreConfig.of(
            List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 1L << 50)),
            folder.resolve("index"));
    return new StoreConfig(
        usual.volumes(),
        usual.indexFolder(),
        usual.blockBytes(),
        1_000,
        16,
        usual.errorBudget(),
        usual.quarantineLimit(),
        usual.hangAfter(),
        usual.unlinksPerSecond(),
        usual.syncBytes(),
        0,
        usual.drainBytesPerSecond());
  }

  private void fill(DiskStore store, ContentKey key) throws IOException {
    ContentMeta held = store.describe(key);
    if (held != null && held.length() == fileBytes) {
      return;
    }
    store.remove(key);
    ContentMeta meta = new ContentMeta(key, fileBytes, sha256(), "video/mp4", 1_767_225_600);
    FillRequest request = new FillRequest(meta, null, new Provenance("benchmark", 1, 1, 1));
    switch (store.fill(request)) {
      case Admission.Admitted(FillSession session) -> {
        try (session) {
          append(session);
          session.commit();
        }
      }
      case Admission.Refused(Admission.Reason reason) ->
          throw new IOException("the store refuses the file: " + reason.sentence());
    }
  }

  private static void append(FillSession session) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FILL_BYTES);
    for (FillSession.Gap gap = session.nextGap(); gap != null; gap = session.nextGap()) {
      bytes.clear().limit((int) Math.min(FILL_BYTES, gap.to() - gap.from()));
      MadeBytes.fill(bytes, gap.from());
      session.append(bytes.flip());
    }
  }

  private String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer bytes = ByteBuffer.allocate(FILL_BYTES);
      for (long at = 0; at < fileBytes; at += bytes.limit()) {
        bytes.clear().limit((int) Math.min(FILL_BYTES, fileBytes - at));
        MadeBytes.fill(bytes, at);
        digest.update(bytes.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  private static void answer(HttpListener listener, RecordLog<ServeRecord> log) throws IOException {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(
          switch (line) {
            case "allocated" -> String.valueOf(threads.getTotalThreadAllocatedBytes());
            case "memory" -> json(ServerMemory.collected(listener));
            case "spool" -> json(log.spool());
            case "counters" -> json(Counters.of(listener));
            case String other -> "unknown: " + other;
          });
    }
  }

  private static String json(Object message) {
    return new String(Wire.write(message), StandardCharsets.UTF_8);
  }
}
