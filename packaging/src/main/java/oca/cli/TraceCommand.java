package oca.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import oca.operate.WholeFile;
import oca.store.simulate.MadeTraces;
import oca.store.simulate.Trace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca store trace}: makes a trace to simulate with. */
@Command(
    name = "trace",
    description = {
      "Make a trace of requests, in lines of time,object,size; the same options make the same"
          + " trace.",
      "vod: a week of video on demand, made from public figures; vod4: four weeks of it; loop,"
          + " scan, shift, flood, stack: hard cases."
    })
final class TraceCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "vod",
      description = "vod, vod4, loop, scan, shift, flood or stack (default: ${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init") // Has a default.
  private String kind;

  @Option(names = "--seed", defaultValue = "1", description = "(default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--requests",
      paramLabel = "NUMBER",
      defaultValue = "1000000",
      description = "how many, 1000 or more (default: ${DEFAULT-VALUE})")
  private long requests;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write it (default: standard output)")
  private @Nullable Path out;

  @Override
  public Integer call() throws Exception {
    Trace trace;
    try {
      trace = MadeTraces.of(kind).make(seed, requests);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    if (out == null) {
      write(trace, System.out);
    } else {
      try (WholeFile whole = WholeFile.begin(out)) {
        try (OutputStream file = Files.newOutputStream(whole.part())) {
          write(trace, file);
        }
        whole.done();
      }
    }
    return 0;
  }

  private static void write(Trace trace, OutputStream out) throws IOException {
    OutputStream to = new BufferedOutputStream(out, 1 << 16);
    trace.tell(
        (seconds, high, low, bytes) ->
            to.write(
                (seconds + "," + Long.toUnsignedString(low) + "," + bytes + "\n")
                    .getBytes(StandardCharsets.US_ASCII)));
    to.flush();
  }
}
