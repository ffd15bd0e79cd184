package oca.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.operate.AdminOptions;
import oca.operate.OutputOptions;
import oca.protocol.Json;
import oca.protocol.Wire;
import oca.server.admin.Operations.EventVersion;
import oca.server.admin.Operations.PurgeMessage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca purge}: has an appliance forget content that it pulled. */
@Command(
    name = "purge",
    description =
        "Have an appliance forget content of a service that it pulled, or ask its upstream before"
            + " using it again. When it is done, none of it is served any more.")
final class PurgeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--service",
      paramLabel = "NAME",
      required = true,
      description = "whose content, as the configuration names it")
  @SuppressWarnings("NullAway.Init") // Required.
  private String service;

  @ArgGroup(exclusive = true, multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // Required.
  private What what;

  @Option(names = "--soft", description = "ask the upstream before it is used again, keep it else")
  private boolean soft;

  @Option(names = "--dry-run", description = "purge nothing, tell what would be purged")
  private boolean dryRun;

  /** What is purged. */
  static final class What {
    @Option(names = "--url", description = "one path with its query, to the last character")
    @Nullable String url;

    @Option(names = "--prefix", description = "all paths that begin so, from the slash on")
    @Nullable String prefix;

    @Option(names = "--tag", description = "all that bears it in Surrogate-Key or Cache-Tag")
    @Nullable String tag;

    @Option(names = "--all", description = "all of the service")
    boolean all;

    @Option(
        names = "--event",
        paramLabel = "ID=VERSION",
        description = "all of a live event, which has that version from now on")
    @Nullable String event;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = output.out();
    String event = what.event;
    Json answer =
        event != null
            ? admin.door().post("/v1/version", Wire.write(version(event)))
            : admin.door().post("/v1/purge", Wire.write(message()));
    if (output.isJson()) {
      out.print(answer.pretty());
    } else {
      out.println(
          event != null
              ? "the event has its new version; nothing older of it is served"
              : told(answer));
    }
    out.flush();
    return 0;
  }

  private EventVersion version(String event) {
    int at = event.indexOf('=');
    if (at < 1 || soft || dryRun) {
      throw new ParameterException(
          spec.commandLine(),
          "--event takes ID=VERSION, and neither --soft nor --dry-run: its old content is never"
              + " used again");
    }
    return new EventVersion(service, event.substring(0, at), event.substring(at + 1));
  }

  private PurgeMessage message() {
    return new PurgeMessage(
        service,
        what.url,
        what.prefix,
        what.tag,
        what.all ? true : null,
        soft ? true : null,
        dryRun ? true : null);
  }

  private String told(Json purged) {
    return String.format(
        Locale.ROOT,
        "%s %,d kept responses of %,d bytes (generation %d)",
        dryRun ? "would purge" : soft ? "stale are" : "purged",
        purged.at("responses").number(),
        purged.at("bytes").number(),
        purged.at("generation").number());
  }
}
