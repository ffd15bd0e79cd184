package oca.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What memory is used for: content in the page cache, as far as possible. */
final class MemoryCheck implements Check {
  private static final double LEAST_AVAILABLE = 0.1;

  @Override
  public List<Finding> look(Machine machine) {
    String text = machine.text("/proc/meminfo").orElse("");
    double total = bytes(text, "MemTotal");
    if (total == 0) {
      return List.of(Finding.warn("memory", "cannot be read here", "see it on the host"));
    }
    List<Finding> found = new ArrayList<>();
    double available = bytes(text, "MemAvailable");
    double cached = bytes(text, "Cached");
    String what =
        "%s of %s available, %s hold files"
            .formatted(Figures.bytes(available), Figures.bytes(total), Figures.bytes(cached));
    found.add(
        available < LEAST_AVAILABLE * total
            ? Finding.warn(
                "memory", what, "what else runs here? Content that is asked for belongs there")
            : Finding.ok("memory", what));
    double swapped = bytes(text, "SwapTotal") - bytes(text, "SwapFree");
    if (swapped > 0) {
      found.add(
          Finding.warn(
              "swap",
              Figures.bytes(swapped) + " are swapped out",
              "swapoff -a, or a smaller heap; an appliance that swaps stands still"));
    } else {
      found.add(Finding.ok("swap", "nothing is swapped out"));
    }
    return List.copyOf(found);
  }

  private static double bytes(String text, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB").matcher(text);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) * 1024 : 0;
  }
}
