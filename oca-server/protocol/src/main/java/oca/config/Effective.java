package oca.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it is in force, and where each of its values came from.
 *
 * @param config the values
 * @param settings the same one by one, in the order of the records' components
 */
public record Effective<T extends Record>(T config, List<Setting> settings) {

  public Effective {
    settings = List.copyOf(settings);
  }

  /** In which values this one differs from an earlier one, in the order of the records. */
  public List<Change> changesSince(Effective<?> earlier) {
    Map<String, Setting> before = byKey(earlier);
    Map<String, Setting> after = byKey(this);
    Set<String> keys = new LinkedHashSet<>(after.keySet());
    keys.addAll(before.keySet());
    return keys.stream()
        .map(key -> new Change(key, before.get(key), after.get(key)))
        .filter(change -> !Objects.equals(value(change.before()), value(change.after())))
        .filter(change -> !change.isOfNothing())
        .toList();
  }

  /** With values as they may be shown, see {@link Running#shown}. */
  public Effective<T> shown() {
    return new Effective<>(
        config,
        settings.stream()
            .map(it -> new Setting(it.key(), Running.shown(it.value()), it.origin()))
            .toList());
  }

  /**
   * This one with what is {@link Live} of a later one.
   *
   * @throws IllegalArgumentException when that does not go with the rest of this one
   */
  Effective<T> taking(Effective<T> later) {
    Takeover takeover = new Takeover();
    T merged = takeover.of(config, later.config());
    List<Setting> all = new ArrayList<>();
    Set<String> done = new HashSet<>();
    for (Setting setting : settings) {
      String taken = above(setting.key(), takeover.taken());
      if (taken == null) {
        all.add(setting);
      } else if (done.add(taken)) {
        later.settings().stream().filter(it -> isAtOrBelow(it.key(), taken)).forEach(all::add);
      }
    }
    return new Effective<>(merged, all);
  }

  private static @Nullable String above(String key, List<String> paths) {
    return paths.stream().filter(path -> isAtOrBelow(key, path)).findFirst().orElse(null);
  }

  private static boolean isAtOrBelow(String key, String path) {
    return key.startsWith(path)
        && (key.length() == path.length() || ".[".indexOf(key.charAt(path.length())) >= 0);
  }

  private static Map<String, Setting> byKey(Effective<?> effective) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    effective.settings().forEach(setting -> settings.put(setting.key(), setting));
    return settings;
  }

  private static @Nullable String value(@Nullable Setting setting) {
    return setting == null ? null : setting.value();
  }

  /**
   * One difference.
   *
   * @param before null when there was no such key, as of an item that a list has got
   * @param after null when there is none any more
   */
  public record Change(String key, @Nullable Setting before, @Nullable Setting after) {
    /** Whether a group or list that was not there came or went: what is in it tells more. */
    boolean isOfNothing() {
      return after == null
          ? before == null || before.isNothing()
          : before == null && after.isNothing();
    }

    /** The key, and where it stands now. */
    @Override
    public String toString() {
      return key + " (" + (after == null ? "gone" : after.origin()) + ")";
    }
  }

  /**
   * One value.
   *
   * @param key its path, such as {@code http.maxConnections} or {@code store.volumes[0].path}
   * @param value in the form in which it is written in a file; empty for an optional one that is
   *     not there
   * @param origin {@code file:line}, the variable's or option's name, or {@code default}
   */
  public record Setting(String key, String value, String origin) {
    static final String DEFAULT = "default";

    /** Whether it stands for an optional value, a list or names that are not there. */
    boolean isNothing() {
      return value.isEmpty() || value.equals("[]") || value.equals("{}");
    }

    /** Whether somebody said it. */
    public boolean said() {
      return !origin.equals(DEFAULT);
    }
  }
}
