package oca.operate;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import oca.protocol.http.UnreachedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oca top}: what an appliance does just now. */
@Command(
    name = "top",
    description = {
      "Show what the appliance does just now, once a second: bytes, requests, answers, event"
          + " loops, reads from disks, filling, disks. Ctrl-C ends it.",
      "With -o json one object a line, in which rates are per second."
    })
public final class TopCommand implements Callable<Integer> {
  private static final String HOME = "\u001b[H";
  private static final String REST = "\u001b[J";
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String OWN_SCREEN = "\u001b[?25h\u001b[?1049l";

  private final Watch watch;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "SECONDS",
      description = "between two looks; default 1")
  private double interval = 1;

  @Option(names = "--once", description = "look over one interval, print it, and end")
  private boolean once;

  @Option(
      names = {"-n", "--times"},
      paramLabel = "NUMBER",
      description = "end after so many; default: go on")
  private int times;

  public TopCommand() {
    this(Watch.SYSTEM);
  }

  TopCommand(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Integer call() throws Exception {
    if (!(interval >= 0.1 && interval <= 3600)) {
      throw new IllegalArgumentException("--interval must be 0.1 to 3600 seconds");
    }
    Door door = admin.door();
    Moment before = look(door);
    boolean isLive = output.style().isTerminal() && !once && times == 0 && !output.isJson();
    if (!isLive) {
      return follow(door, before, once ? 1 : times, false);
    }
    PrintWriter out = output.out();
    out.print(OTHER_SCREEN);
    try (OnBreak _ = new OnBreak(this::restore)) {
      return follow(door, before, 0, true);
    } finally {
      restore();
    }
  }

  private void restore() {
    output.out().print(OWN_SCREEN);
    output.out().flush();
  }

  /** Looks again and again; an appliance that restarts is waited for. */
  private int follow(Door door, Moment first, int most, boolean isLive) throws Exception {
    Moment before = first;
    for (int i = 0; most == 0 || i < most; i++) {
      watch.pause(Duration.ofMillis(Math.round(interval * 1000)));
      Moment now;
      try {
        now = look(door);
      } catch (UnreachedException e) {
        if (!isLive) {
          throw e;
        }
        show("  " + e.getMessage() + "\n", true);
        continue;
      }
      Rates rates = Rates.between(before, now);
      if (output.isJson()) {
        output.out().println(rates.json());
        output.out().flush();
      } else {
        StringWriter text = new StringWriter();
        PrintWriter lines = new PrintWriter(text);
        TopPage.show(new Page(lines, output.style()), lines, output.style(), now.status(), rates);
        lines.flush();
        show(text.toString(), isLive);
      }
      before = now;
    }
    return Exit.GOOD;
  }

  private void show(String page, boolean isLive) {
    PrintWriter out = output.out();
    out.print(isLive ? HOME + page.replace("\n", "\u001b[K\n") + REST : page);
    out.flush();
  }

  private Moment look(Door door) throws java.io.IOException {
    Json status = door.get("/v1/status");
    return new Moment(status, watch.getAsLong());
  }

  /** A status and when it was had. */
  record Moment(Json status, long nanos) {}
}
