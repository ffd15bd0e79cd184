package oca.operate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oca explain}: why steering sends a client where it does. */
@Command(
    name = "explain",
    description = {
      "Tell where steering sends a client for a file or a title, and of each appliance why or why"
          + " not; without a file, what is known of the way to the client.",
      "Exits 1 when the client is sent to the origin alone."
    })
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private SteeringOptions steering = new SteeringOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--title",
      description = "WHAT is a title, although there is a slash in it; else that makes it a file")
  private boolean isTitle;

  @Parameters(index = "0", paramLabel = "CLIENT", description = "an IPv4 or IPv6 address")
  private String client = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "WHAT",
      description = "a file's path, such as harbour/v0.mp4, or a title, such as harbour")
  private @Nullable String what;

  @Override
  public Integer call() throws Exception {
    Door door = steering.door(Duration.ofSeconds(10));
    String asked = what;
    if (asked == null) {
      return RoutePages.show(output, RoutePages.ask(door, client));
    }
    boolean isFile = asked.contains("/") && !isTitle;
    Json answer =
        door.get(
            "/v1/explain?client="
                + encoded(client)
                + (isFile ? "&path=" : "&title=")
                + encoded(asked.replaceFirst("^/", "")));
    boolean isServed =
        answer.at("candidates").items().stream().anyMatch(it -> it.at("rank").number() > 0);
    if (output.isJson()) {
      output.print(answer);
    } else {
      show(answer, (isFile ? "file " : "title ") + asked);
    }
    return isServed ? Exit.GOOD : Exit.ATTENTION;
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private void show(Json answer, String asked) {
    Page page = output.page();
    page.title(answer.at("client").text() + " for " + asked);
    page.line("network", answer.at("network").text());
    if (answer.at("position").isThere()) {
      page.line(
          "position",
          "latitude %s, longitude %s"
              .formatted(
                  answer.at("position", "latitude").text(),
                  answer.at("position", "longitude").text()));
    }
    Table table = new Table("RANK", "APPLIANCE", "SITE", ">KM", ">FREE", "LEASE", "WHY");
    for (Json one : answer.at("candidates").items()) {
      long rank = one.at("rank").number();
      double distance = one.at("distanceKm").real();
      table.row(
          rank == 0 ? "-" : String.valueOf(rank),
          one.at("appliance").text(),
          one.at("site").text(),
          distance < 0 ? "-" : String.valueOf(Math.round(distance)),
          Figures.share(one.at("headroom").real(), 1),
          one.at("standing").text(),
          one.at("reason").text());
    }
    if (table.isEmpty()) {
      page.line("appliances", "none is known");
    } else {
      table.print(output.out(), output.style(), "  ");
    }
    page.line("then", "the origin, " + answer.at("origin").text());
    answer.at("candidates").items().stream()
        .filter(it -> it.at("rank").number() != 1)
        .map(it -> it.at("reason").text() + ": " + it.at("sentence").text())
        .distinct()
        .forEach(it -> page.line("", it));
    output.out().flush();
  }
}
