package oca.operate;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oca drain}: has viewers go elsewhere, and tells how many are still here. */
@Command(
    name = "drain",
    description = {
      "Ask steering for no new viewers, serve those who are here, and count down their"
          + " connections.",
      "Ctrl-C ends the countdown only: the appliance drains on until oca undrain."
    })
public final class DrainCommand implements Callable<Integer> {
  private static final byte[] NOTHING = {'{', '}'};

  private final Watch watch;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--no-wait", description = "give the order and do not count down")
  private boolean noWait;

  @Option(
      names = "--until",
      paramLabel = "CONNECTIONS",
      description = "so few connections are none; default 0")
  private int until;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      description = "exit with 1 when it takes longer; default 3600")
  private int withinSeconds = 3600;

  public DrainCommand() {
    this(Watch.SYSTEM);
  }

  DrainCommand(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Integer call() throws Exception {
    Door door = admin.door();
    Json status = door.post("/v1/drain", NOTHING);
    String id = status.at("appliance").text();
    if (output.isJson() && noWait) {
      output.print(status);
      return Exit.GOOD;
    }
    output.err().println(id + " asks for no new viewers; oca undrain takes them again");
    output.err().flush();
    if (noWait) {
      return Exit.GOOD;
    }
    try (OnBreak _ = new OnBreak(this::broken)) {
      return countDown(door, status);
    }
  }

  private int countDown(Door door, Json first) throws IOException, InterruptedException {
    long by = watch.getAsLong() + Duration.ofSeconds(withinSeconds).toNanos();
    Countdown countdown = new Countdown();
    Progress progress = new Progress(output.err(), output.style(), watch);
    Json status = first;
    while (true) {
      long left = status.at("connections").number();
      countdown.note(watch.getAsLong(), left);
      if (left <= until || watch.getAsLong() >= by) {
        progress.end();
        return end(status, left);
      }
      if (!status.at("state").text().equals("draining")) {
        progress.end();
        output.err().println("somebody undrained it meanwhile");
        return Exit.ATTENTION;
      }
      progress.tell("draining: " + Figures.count(left) + " connections, " + countdown.timeLeft());
      watch.pause(Duration.ofSeconds(1));
      status = door.get("/v1/status");
    }
  }

  private int end(Json status, long left) {
    if (output.isJson()) {
      output.print(status);
    } else {
      output
          .out()
          .println(
              left <= until
                  ? "drained: " + Figures.count(left) + " connections"
                  : Figures.count(left) + " connections are still open; it drains on");
      output.out().flush();
    }
    return left <= until ? Exit.GOOD : Exit.ATTENTION;
  }

  private void broken() {
    output.err().println();
    output.err().println("the countdown ends; the appliance drains on until oca undrain");
    output.err().flush();
  }
}
