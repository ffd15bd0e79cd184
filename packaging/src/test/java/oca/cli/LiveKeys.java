package oca.cli;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import oca.config.ConfigKeys;

/** The keys that a reload changes, as their records say. */
final class LiveKeys {
  private LiveKeys() {}

  /** Each value, list and map that is taken over by itself. */
  static Set<String> of(ProcessKind kind) {
    ConfigKeys keys = ConfigOptions.keys(kind);
    Set<String> live = new TreeSet<>();
    for (ConfigKeys.Key key : keys.keys()) {
      if (key.live() && !isPlainGroup(keys, key) && !isWithinALiveList(keys, key.path())) {
        live.add(key.path());
      }
    }
    return live;
  }

  private static boolean isPlainGroup(ConfigKeys keys, ConfigKeys.Key key) {
    return key.group()
        && keys.below(key).stream()
            .allMatch(it -> !it.path().startsWith(key.path() + "[") && !isNamed(key, it));
  }

  private static boolean isNamed(ConfigKeys.Key group, ConfigKeys.Key below) {
    return below.path().startsWith(group.path() + ".*");
  }

  private static boolean isWithinALiveList(ConfigKeys keys, String path) {
    for (String mark : List.of("[]", ".*")) {
      for (int at = path.indexOf(mark); at > 0; at = path.indexOf(mark, at + 1)) {
        if (keys.find(path.substring(0, at)).filter(ConfigKeys.Key::live).isPresent()) {
          return true;
        }
      }
    }
    return false;
  }
}
