package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import oca.config.ConfigKeys;
import oca.config.Effective.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca config explain}: what a key is for, how it is written, and what it is. */
@Command(
    name = "explain",
    description =
        "Tell what a key is for, how it is written, its default, and with --config its value and"
            + " where that came from. Without a key, list them all.")
final class ConfigExplainCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "whose value is told too; else --for says which process is meant")
  private @Nullable Path file;

  @Parameters(
      paramLabel = "KEY",
      arity = "0..1",
      description = "such as http.maxConnections or store.volumes[].path")
  private @Nullable String key;

  @Override
  public Integer call() throws Exception {
    Path given = file;
    ConfigKeys keys = ConfigOptions.keys(options.kind(given == null ? Path.of("-") : given));
    PrintWriter out = spec.commandLine().getOut();
    String wanted = key;
    if (wanted == null) {
      keys.keys().forEach(each -> out.println(each.path()));
      out.flush();
      return 0;
    }
    ConfigKeys.Key found =
        keys.find(wanted)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "there is no key "
                            + wanted
                            + "; did you mean "
                            + keys.nearest(wanted)
                            + "?"));
    tell(out, found);
    keys.below(found).forEach(each -> out.println("    " + each.path()));
    if (given != null) {
      values(found, given).forEach(setting -> tell(out, setting));
    }
    out.flush();
    return 0;
  }

  private static void tell(PrintWriter out, ConfigKeys.Key key) {
    out.println(key.path());
    if (!key.meaning().isEmpty()) {
      out.println("  " + key.meaning());
    }
    out.println("  written as: " + key.form());
    if (!key.group() || key.live()) {
      out.println("  changes: " + (key.live() ? "live, by a reload" : "with a restart"));
    }
    if (!key.fallback().isEmpty()) {
      out.println("  default: " + key.fallback());
    } else if (key.required()) {
      out.println("  must be given");
    }
  }

  private List<Setting> values(ConfigKeys.Key key, Path given) throws Exception {
    ConfigKeys keys = ConfigOptions.keys(options.kind(given));
    return options.load(given).settings().stream()
        .filter(
            setting -> keys.find(setting.key()).filter(each -> isAtOrBelow(each, key)).isPresent())
        .toList();
  }

  private static boolean isAtOrBelow(ConfigKeys.Key one, ConfigKeys.Key group) {
    return one.equals(group)
        || one.path().startsWith(group.path() + ".")
        || one.path().startsWith(group.path() + "[");
  }

  private static void tell(PrintWriter out, Setting setting) {
    String value = setting.value().isEmpty() ? "not given" : setting.value();
    out.println("  now: " + setting.key() + ": " + value + "  # " + setting.origin());
  }
}
