package oca.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import oca.config.Effective.Change;
import oca.config.Effective.Setting;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a process that runs: what is in force, what was read since and waits for a
 * restart, and the way to read it again.
 *
 * <p>Safe on any thread; orders to read it again are carried out one after the other.
 */
public final class Running<T extends Record> {
  /** What must not be shown of addresses: user and password, and what is named like a secret. */
  private static final Pattern USER = Pattern.compile("(://)[^/@\\s\"']+@");

  private static final Pattern SECRET =
      Pattern.compile("(?i)((?:password|passwd|secret|token|key|signature)=)[^&;\\s\"']+");

  private final Reader<T> reader;
  private final Current<T> current;
  private final ConfigKeys keys;
  private volatile State<T> state;
  private volatile Supplier<Outcome> orders;

  /** Reads all that the process is configured by. */
  public interface Reader<T extends Record> {
    /**
     * Does so.
     *
     * @throws ConfigException naming every problem found
     */
    Effective<T> read() throws ConfigException;
  }

  /** What is read again besides: certificates, keys, tokens, log levels. */
  public interface Besides {
    /** Does so; when it throws, nothing of the configuration comes into force. */
    void read() throws IOException;
  }

  private record State<T extends Record>(Effective<T> inForce, Effective<T> later) {}

  /** What an order to read it again led to. */
  public sealed interface Outcome {
    /**
     * It was read.
     *
     * @param changed what came into force, in the order of the records
     * @param waiting what is otherwise in the files and waits for a restart
     */
    record Done(List<Change> changed, List<Change> waiting) implements Outcome {
      public Done {
        changed = List.copyOf(changed);
        waiting = List.copyOf(waiting);
      }
    }

    /**
     * It was not, and all is as it was.
     *
     * @param why for people, of one line or many
     */
    record Refused(String why) implements Outcome {}
  }

  /**
   * A value of the process.
   *
   * @param key its path
   * @param value in force; null when there is none yet, as of an item that a list has got
   * @param origin where it came from
   * @param live whether a reload changes it; else it takes a restart
   * @param waits what it will be after a restart; null when there is nothing else to come
   */
  public record Line(
      String key,
      @Nullable String value,
      @Nullable String origin,
      boolean live,
      @Nullable Waiting waits) {}

  /**
   * A value that waits for a restart.
   *
   * @param value null when it will be gone
   * @param origin where it stands; null when it will be gone
   */
  public record Waiting(@Nullable String value, @Nullable String origin) {}

  private Running(Reader<T> reader, Effective<T> first, Class<T> type) {
    this.reader = reader;
    this.current = Current.of(first.config());
    this.keys = ConfigKeys.of(type, new KeyDocs(Map.of()));
    this.state = new State<>(first, first);
    this.orders = () -> new Outcome.Refused("it is still starting");
  }

  /**
   * Reads it for the first time.
   *
   * @throws ConfigException naming every problem found
   */
  public static <T extends Record> Running<T> start(Reader<T> reader, Class<T> type)
      throws ConfigException {
    return new Running<>(reader, reader.read(), type);
  }

  /** One that was read nowhere and cannot be read again. */
  public static <T extends Record> Running<T> fixed(T config) {
    @SuppressWarnings("unchecked") // The class of a T.
    Class<T> type = (Class<T>) config.getClass();
    Running<T> fixed =
        new Running<>(
            () -> {
              throw ConfigFile.whole("configuration", "it was read from no file");
            },
            new Effective<>(config, List.of()),
            type);
    fixed.carriedOutBy(() -> new Outcome.Refused("it was read from no file"));
    return fixed;
  }

  /** What is in force, to be read where it is needed. */
  public Current<T> current() {
    return current;
  }

  /** Has orders carried out by somebody who knows what is read besides. */
  public void carriedOutBy(Supplier<Outcome> orders) {
    this.orders = orders;
  }

  /** Orders that it is read again. */
  public Outcome order() {
    return orders.get();
  }

  /**
   * Reads it again: what is live comes into force, all else waits.
   *
   * @param besides read when the files are in order, before anything comes into force
   * @throws ConfigException when the files have problems, or what is live does not go with what
   *     waits for a restart; nothing has changed then
   * @throws IOException from {@code besides}
   */
  public synchronized Outcome.Done read(Besides besides) throws ConfigException, IOException {
    Effective<T> later = reader.read();
    State<T> before = state;
    Effective<T> inForce;
    Runnable change;
    try {
      inForce = before.inForce().taking(later);
      change = current.prepared(inForce.config());
    } catch (IllegalArgumentException e) {
      throw ConfigFile.whole(
          "what a reload changes does not go with what waits for a restart", e.getMessage());
    }
    besides.read();
    change.run();
    state = new State<>(inForce, later);
    return new Outcome.Done(inForce.changesSince(before.inForce()), later.changesSince(inForce));
  }

  /** All values, in the order of the records; what looks like a secret is hidden. */
  public List<Line> lines() {
    State<T> now = state;
    Map<String, Change> waiting = new LinkedHashMap<>();
    now.later().changesSince(now.inForce()).forEach(change -> waiting.put(change.key(), change));
    List<Line> lines = new ArrayList<>();
    for (Setting setting : now.inForce().settings()) {
      lines.add(line(setting.key(), setting, waiting.remove(setting.key())));
    }
    waiting.forEach((key, change) -> lines.add(line(key, null, change)));
    return lines;
  }

  private Line line(String key, @Nullable Setting now, @Nullable Change waits) {
    return new Line(
        key,
        now == null ? null : shown(now.value()),
        now == null ? null : now.origin(),
        keys.find(key).map(ConfigKeys.Key::live).orElse(false),
        waits == null ? null : waiting(waits.after()));
  }

  private static Waiting waiting(@Nullable Setting next) {
    return next == null ? new Waiting(null, null) : new Waiting(shown(next.value()), next.origin());
  }

  /** What may be shown of a value. */
  public static String shown(String value) {
    String clean = USER.matcher(value).replaceAll("$1[redacted]@");
    return SECRET.matcher(clean).replaceAll("$1[redacted]");
  }
}
