package oca.cli;

import java.util.List;
import oca.config.ConfigKeys;

/** The page of all keys, in Markdown: made of the records and their Javadoc, never by hand. */
final class ConfigReference {
  private static final String HEAD =
      """
      # Configuration

      Every key of every process. This page is made of the records that read the files and of their Javadoc (`oca config reference`), and a test
      holds it to them. For one key, `oca config explain --for PROCESS KEY` says the same; what has to be told with an example stands in
      [packaging/examples](../packaging/examples).

      **Layers.** What comes later goes before what came earlier: the file, such as `/etc/oca/appliance.yaml`; its drop-ins, `*.yaml` of the folder of its name with
      `.d` (`/etc/oca/appliance.d/`), in the order of their names, character by character, so that `10-site.yaml` comes before `9-late.yaml`: give numbers the same length; variables
      `OCA__KEY__KEY`, in the order of their names (`OCA__HTTP__MAX_CONNECTIONS=100` is `http.maxConnections`); `--set key.key=value`. Keys are merged with keys at any
      depth; a single value or a list takes the place of an earlier one. `oca config show` says of each value who said it.

      **Changes.** *live*: comes into force when the process is told to read its configuration again (`oca config reload`, `systemctl reload`, SIGHUP), for what begins
      after that; what is under way goes on as it began. *restart*: waits for a restart, and `oca config show --running` says so. A reload checks all of it first, and with any problem nothing changes.

      | written as | forms |
      |---|---|
      | a duration | `500ms`, `30s`, `5min`, `2h`, `1d`; whole numbers, up to a century |
      | a size | `512KiB`, `1.5TB`, `4096B`; KB, MB, GB, TB count in thousands, KiB, MiB, GiB, TiB in 1024s |
      | a window | `02:00-14:00 Europe/Berlin`, or the keys `opens`, `closes`, `zone`; without a zone it is in UTC |
      | host:port | `127.0.0.1:8080`, `"[::1]:8080"` |
      | a path | of a file; `credential:NAME` for one that the service manager hands over (`LoadCredential=`) |
      """;

  private ConfigReference() {}

  /** The whole page. */
  static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (ProcessKind kind : ProcessKind.values()) {
      List<ConfigKeys.Key> keys = ConfigOptions.keys(kind).keys();
      page.append("\n## oca ").append(kind.word()).append("\n\n");
      page.append("| key | meaning | written as | default | changes |\n|---|---|---|---|---|\n");
      keys.forEach(key -> page.append(row(key)));
    }
    return page.toString();
  }

  private static String row(ConfigKeys.Key key) {
    String form = key.group() && key.form().startsWith("keys: ") ? "a group" : key.form();
    String fallback =
        key.required() ? "must be given" : key.fallback().isEmpty() ? "" : code(key.fallback());
    String changes = key.live() ? "live" : key.group() ? "" : "restart";
    return String.join(
            " | ",
            "| " + code(key.path()),
            text(key.meaning()),
            text(form.replaceFirst("keys: .*", "the keys below")),
            fallback,
            changes)
        + " |\n";
  }

  private static String code(String text) {
    return "`" + text.replace("|", "\\|") + "`";
  }

  private static String text(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
