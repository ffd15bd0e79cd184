package oca.operate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.config.Effective.Setting;
import oca.protocol.http.PlainClient;

/**
 * Names in the configurations: whether each leads anywhere, and whether the control plane answers.
 */
final class NamesCheck implements Check {
  private static final Pattern URL = Pattern.compile("https?://([A-Za-z0-9.-]+)[:/]?");
  private static final Pattern ENDPOINT =
      Pattern.compile("([A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*):\\d+");
  private static final Pattern CONTROL = Pattern.compile("controller|heartbeat\\.steering\\[\\d+]");
  private static final Duration WAIT = Duration.ofSeconds(3);

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> found = new ArrayList<>();
    Map<String, TreeSet<String>> names = new TreeMap<>();
    for (Setting setting : machine.configs().settings()) {
      host(setting.value())
          .ifPresent(it -> names.computeIfAbsent(it, _ -> new TreeSet<>()).add(setting.key()));
    }
    names.forEach((name, keys) -> found.add(resolve(machine, name, keys)));
    for (Setting setting : machine.configs().settings()) {
      if (CONTROL.matcher(setting.key()).matches() && !setting.value().isEmpty()) {
        reach(setting).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<String> host(String value) {
    Matcher url = URL.matcher(value);
    if (url.find()) {
      return Optional.of(url.group(1));
    }
    Matcher endpoint = ENDPOINT.matcher(value);
    return endpoint.matches() ? Optional.of(endpoint.group(1)) : Optional.empty();
  }

  private static Finding resolve(Machine machine, String name, SortedSet<String> keys) {
    try {
      InetAddress[] addresses = machine.names().resolve(name);
      return Finding.ok("name", name + " is " + addresses[0].getHostAddress());
    } catch (IOException e) {
      return Finding.fail(
          "name",
          name + " (" + keys.first() + ") does not resolve",
          "is it written well? See resolvectl query " + name);
    }
  }

  private static Optional<Finding> reach(Setting setting) {
    URI uri = URI.create(setting.value());
    if (!"http".equals(uri.getScheme())) {
      return Optional.of(
          Finding.warn(
              "reach",
              setting.value() + " is not tried: it wants TLS and credentials",
              "see heartbeatFailures of oca status"));
    }
    try {
      int status =
          new PlainClient(setting.value(), WAIT, Optional.empty()).get("/v1/status").status();
      return Optional.of(Finding.ok("reach", setting.value() + " answers (" + status + ")"));
    } catch (IOException e) {
      return Optional.of(
          Finding.fail(
              "reach",
              setting.key() + ": " + e.getMessage(),
              "is it running, and is the way to it open?"));
    }
  }
}
