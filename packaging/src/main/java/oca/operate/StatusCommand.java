package oca.operate;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import oca.protocol.http.PlainClient;
import oca.protocol.http.UnreachedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oca status}: how things are on this machine, on one screen. */
@Command(
    name = "status",
    description = {
      "Tell how the appliance is, and steering and the fill controller when they answer on this"
          + " machine: what is wrong comes first.",
      "Exits 0 when nothing is wrong, 1 when something wants attention, 3 when nobody answers."
    })
public final class StatusCommand implements Callable<Integer> {
  static final String CONTROLLER = "http://127.0.0.1:8450";
  private static final Duration NEIGHBOUR = Duration.ofSeconds(2);

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--controller",
      paramLabel = "URL",
      defaultValue = "${env:OCA_CONTROLLER}",
      description =
          "the fill controller; default OCA_CONTROLLER of the environment, else " + CONTROLLER)
  private @Nullable String controller;

  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Json> answers = new LinkedHashMap<>();

  /** What makes a door. */
  private interface Opening {
    Door open() throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    ask("appliance", admin::door, admin.isNamed());
    ask("steering", () -> steering.door(NEIGHBOUR), steering.isNamed());
    ask("controller", this::controller, controller != null);
    if (answers.isEmpty()) {
      throw new UnreachedException(
          "nobody answers on this machine: neither an appliance ("
              + admin.door().name()
              + ") nor steering nor a fill controller; name one by --admin, --steering or"
              + " --controller",
          new IOException("nobody"));
    }
    answers.forEach((name, answer) -> findings.addAll(StatusFindings.of(name, answer)));
    if (output.isJson()) {
      print();
    } else {
      show();
    }
    boolean isMissing = findings.stream().anyMatch(it -> it.about().endsWith(" not reached"));
    return findings.isEmpty() ? Exit.GOOD : isMissing ? Exit.UNREACHED : Exit.ATTENTION;
  }

  private Door controller() {
    String named = controller;
    return new Door(
        new PlainClient(named == null ? CONTROLLER : named, NEIGHBOUR, Optional.empty()));
  }

  /** Whoever was named has to answer; the others may not be on this machine. */
  private void ask(String name, Opening opening, boolean isNamed) throws IOException {
    try {
      answers.put(name, opening.open().get("/v1/status"));
    } catch (UnreachedException e) {
      if (isNamed) {
        findings.add(
            Finding.fail(
                name + " not reached",
                String.valueOf(e.getMessage()),
                "is it running? See systemctl status and its log"));
      }
    } catch (Door.RefusedException e) {
      if (isNamed || e.status() != 401) {
        findings.add(
            Finding.fail(
                name,
                String.valueOf(e.getMessage()),
                e.status() == 401 ? "give its token by --token-file" : "see its log"));
      }
    }
  }

  private void print() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("good", findings.isEmpty());
    all.put("findings", Finding.json(findings));
    all.putAll(answers);
    output.print(Json.of(all));
  }

  private void show() {
    Page page = output.page();
    findings.forEach(page::finding);
    answers.forEach(
        (name, answer) -> {
          switch (name) {
            case "appliance" -> StatusPages.appliance(page, answer);
            case "steering" -> StatusPages.steering(page, answer);
            default -> StatusPages.controller(page, answer);
          }
        });
    output.out().flush();
  }
}
