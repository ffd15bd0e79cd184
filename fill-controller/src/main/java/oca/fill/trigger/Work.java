package oca.fill.trigger;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import oca.model.ContentId;

/**
 * What a trigger comes to.
 *
 * @param titles to be held at all sites
 * @param files that appliances are to take out of their stores
 * @param purges of pulled content, as the arguments of an appliance's purge
 * @param errors what of the trigger cannot be done
 */
record Work(
    Set<String> titles,
    List<ContentId> files,
    List<Map<String, String>> purges,
    List<TriggerError> errors) {
  Work {
    titles = new TreeSet<>(titles);
    files = List.copyOf(files);
    purges = List.copyOf(purges);
    errors = List.copyOf(errors);
  }

  /** Whether appliances have something to carry out. */
  boolean isOrder() {
    return !files.isEmpty() || !purges.isEmpty();
  }
}
