package oca.config;

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
        .toList();
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

    /** Whether somebody said it. */
    public boolean said() {
      return !origin.equals(DEFAULT);
    }
  }
}
