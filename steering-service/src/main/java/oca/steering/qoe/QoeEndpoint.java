package oca.steering.qoe;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.Address;
import oca.protocol.Wire;
import oca.protocol.WireException;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Member;
import org.jspecify.annotations.Nullable;

/**
 * Takes players' reports: {@code POST /v1/cmcd}, one report a line (media type {@code
 * application/cmcd}), as a JSON object a line or an array of them, or as {@code CMCD=} and the
 * percent-encoded report.
 *
 * <p>The answer is 204 whatever the reports say: a player can mend nothing. What cannot be read,
 * names nobody, or comes from a network that has said enough, is dropped and counted.
 */
public final class QoeEndpoint {
  private static final long INDEX_NANOS = 1_000_000_000;
  private static final int V4_BITS = 24;
  private static final int V6_BITS = 48;

  /** The appliances by host, as of a time; made anew when a second old. */
  private record Hosts(Map<String, Integer> numbers, long atNanos) {}

  private final QoeConfig config;
  private final Quality quality;
  private final Supplier<FleetSnapshot> fleet;
  private final Function<Request, Address> clients;
  private final LongSupplier nanoClock;
  private final LongAdder taken = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder unknownPlace = new LongAdder();
  private final LongAdder overBudget = new LongAdder();
  private final LongAdder tooLarge = new LongAdder();
  private final LongAdder tooMany = new LongAdder();
  private volatile @Nullable Hosts hosts;

  /** An endpoint that hands what it reads to {@code quality}. */
  public QoeEndpoint(
      QoeConfig config,
      Quality quality,
      Supplier<FleetSnapshot> fleet,
      Function<Request, Address> clients,
      LongSupplier nanoClock) {
    this.config = config;
    this.quality = quality;
    this.fleet = fleet;
    this.clients = clients;
    this.nanoClock = nanoClock;
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    listener.route("POST", "/v1/cmcd", this::answer);
    listener.route("OPTIONS", "/v1/cmcd", _ -> preflight());
  }

  /** What became of reports since the start, by name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("taken", taken.sum());
    counts.put("bad", bad.sum());
    counts.put("malformed", malformed.sum());
    counts.put("unknown place", unknownPlace.sum());
    counts.put("over budget", overBudget.sum());
    counts.put("too large", tooLarge.sum());
    counts.put("too many", tooMany.sum());
    return counts;
  }

  private Response answer(Request request) {
    if (request.body().length > config.body().bytes()) {
      tooLarge.increment();
      return cors(Response.problem(413, "reports of more than " + config.body() + "; send fewer"));
    }
    String text = new String(request.body(), StandardCharsets.UTF_8).strip();
    long now = nanoClock.getAsLong();
    long network = network(clients.apply(request));
    int read = 0;
    for (Optional<CmcdReport> report : reports(text)) {
      if (++read > config.reportsPerRequest()) {
        tooMany.increment();
      } else if (report.isEmpty()) {
        malformed.increment();
      } else {
        take(report.get(), network, now);
      }
    }
    return cors(Response.empty(204));
  }

  private void take(CmcdReport report, long network, long now) {
    int member = member(report, now);
    if (member < 0) {
      unknownPlace.increment();
    } else if (!quality.report(member, network, report.isBad(), now)) {
      overBudget.increment();
    } else {
      taken.increment();
      if (report.isBad()) {
        bad.increment();
      }
    }
  }

  private int member(CmcdReport report, long now) {
    if (!report.host().isEmpty()) {
      return hosts(now).getOrDefault(report.host(), -1);
    }
    int renewed = report.pathway().lastIndexOf(".t");
    String pathway = renewed < 0 ? report.pathway() : report.pathway().substring(0, renewed);
    Member member = fleet.get().ofPathway(pathway);
    return member == null ? -1 : member.number();
  }

  private Map<String, Integer> hosts(long now) {
    Hosts known = hosts;
    if (known != null && now - known.atNanos() < INDEX_NANOS) {
      return known.numbers();
    }
    Map<String, Integer> numbers = new HashMap<>();
    for (Member member : fleet.get().members()) {
      numbers.put(member.endpoint().host().toLowerCase(Locale.ROOT), member.number());
    }
    hosts = new Hosts(Map.copyOf(numbers), now);
    return numbers;
  }

  private static List<Optional<CmcdReport>> reports(String text) {
    List<Optional<CmcdReport>> reports = new ArrayList<>();
    if (text.startsWith("[")) {
      if (json(text) instanceof List<?> list) {
        list.forEach(item -> reports.add(object(item)));
      } else {
        reports.add(Optional.empty());
      }
      return reports;
    }
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> reports.add(line(line)));
    return reports;
  }

  private static Optional<CmcdReport> line(String line) {
    if (line.startsWith("{")) {
      return object(json(line));
    }
    if (!line.startsWith("CMCD=")) {
      return CmcdReport.read(line);
    }
    try {
      return CmcdReport.read(
          URLDecoder.decode(line.substring("CMCD=".length()), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // A percent sign with no number behind it: malformed, and counted as such.
      return Optional.empty();
    }
  }

  /** What the JSON says; null when it is none, which counts as malformed. */
  private static @Nullable Object json(String text) {
    try {
      return Wire.read(text.getBytes(StandardCharsets.UTF_8), Object.class);
    } catch (WireException e) {
      // Counted by whoever asked: reports are not worth a line in the log each.
      return null;
    }
  }

  /** A JSON object of plain values, or of lists of them, of which the first counts. */
  private static Optional<CmcdReport> object(@Nullable Object item) {
    if (!(item instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, String> pairs = new HashMap<>();
    map.forEach(
        (key, value) -> {
          Object first = value instanceof List<?> list && !list.isEmpty() ? list.getFirst() : value;
          if (first != null) {
            pairs.put(String.valueOf(key), String.valueOf(first));
          }
        });
    return CmcdReport.of(pairs);
  }

  private static long network(Address client) {
    int bits = client.v4() ? V4_BITS : V6_BITS;
    Address first = client.first(bits);
    return first.high() * 2 + (first.v4() ? 1 : 0);
  }

  private static Response cors(Response response) {
    return response.with("Access-Control-Allow-Origin", "*").with("Cache-Control", "no-store");
  }

  private static Response preflight() {
    return cors(Response.empty(204))
        .with("Access-Control-Allow-Methods", "POST, OPTIONS")
        .with("Access-Control-Allow-Headers", "Content-Type")
        .with("Access-Control-Max-Age", "86400");
  }
}
