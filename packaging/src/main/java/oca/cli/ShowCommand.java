package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import oca.store.ContentKey;
import oca.store.LineageRun;
import oca.store.OfflineVerify;
import oca.store.Provenance;
import oca.store.disk.BadFileException;
import oca.store.disk.StoreRefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca store show}: what one file on a volume says of itself. */
@Command(
    name = "show",
    description =
        "Show what a file on a volume that no appliance has open says of itself: its header, which"
            + " blocks are there, and where they came from. Nothing is compared with checksums.")
final class ShowCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--volume",
      paramLabel = "FOLDER",
      required = true,
      description = "the folder of a volume, in which oca-store lies")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path volume;

  @Parameters(paramLabel = "ID", description = "the content id, 32 hexadecimal digits")
  @SuppressWarnings("NullAway.Init") // Required.
  private String id;

  @Override
  public Integer call() throws Exception {
    if (!id.matches("[0-9a-fA-F]{32}")) {
      throw new ParameterException(
          spec.commandLine(), id + " is no content id: write its 32 hexadecimal digits");
    }
    ContentKey key =
        new ContentKey(
            Long.parseUnsignedLong(id, 0, 16, 16), Long.parseUnsignedLong(id, 16, 32, 16));
    PrintWriter err = spec.commandLine().getErr();
    try (OfflineVerify offline = OfflineVerify.open(volume)) {
      Optional<OfflineVerify.Shown> shown = offline.show(key);
      if (shown.isEmpty()) {
        err.println("oca show: " + volume + " has no content " + key);
        return Oca.FAILED;
      }
      print(shown.get());
      return 0;
    } catch (StoreRefusedException e) {
      err.println("oca show: " + e.getMessage());
      return Oca.BAD_CONFIG;
    } catch (BadFileException e) {
      err.println("oca show: content " + key + " cannot be shown: " + e.getMessage());
      return Oca.FAILED;
    }
  }

  private void print(OfflineVerify.Shown shown) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("file        " + shown.path() + (shown.whole() ? "" : " (being filled)"));
    out.println("content     " + shown.meta().key());
    out.printf(Locale.ROOT, "length      %,d bytes%n", shown.meta().length());
    out.println("sha256      " + shown.meta().sha256());
    out.println("media type  " + shown.meta().mediaType());
    out.println("modified    " + Instant.ofEpochSecond(shown.meta().modifiedSecond()));
    out.printf(
        Locale.ROOT,
        "blocks      %,d of %,d, each of %,d bytes%n",
        shown.there(),
        shown.blocks(),
        shown.blockBytes());
    for (LineageRun run : shown.lineage()) {
      out.println(
          "  %d-%d from %s, verified %s"
              .formatted(run.from(), run.to() - 1, origin(run), time(run.verifiedSecond())));
    }
    out.flush();
  }

  private static String origin(LineageRun run) {
    Provenance from = run.provenance();
    return from == null
        ? "nobody knows where"
        : "%s at %s (job %d, generation %d, plan %d)"
            .formatted(
                from.source(),
                time(run.fetchedSecond()),
                from.job(),
                from.generation(),
                from.planVersion());
  }

  private static String time(long second) {
    return second == 0 ? "never" : Instant.ofEpochSecond(second).toString();
  }
}
