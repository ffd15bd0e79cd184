package oca.flink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code flink run oca-flink.jar} is told.
 *
 * @param config the controller's {@code fill.yaml}
 * @param jobs what is wanted
 * @param group under which brokers show how far the jobs are; where they go on stands in
 *     checkpoints
 * @param checkpoint how often the state is written down
 * @param idle a partition that says nothing for so long is not waited for
 * @param top files that a rank names
 * @param files that are kept to be ranked in a region
 */
record Options(
    Path config,
    Set<Jobs.Job> jobs,
    String group,
    Duration checkpoint,
    Duration idle,
    int top,
    int files) {
  static final String USAGE =
      """
      flink run oca-flink.jar --config FILE [options]
        --config FILE      the controller's fill.yaml, with records.kafka
        --jobs LIST        popularity, misses, or both by a comma, which is the default
        --group NAME       as which brokers show how far it is; oca-flink
        --checkpoint TIME  how often the state is written down; 10s
        --idle TIME        a partition that is silent for so long is not waited for; 10s
        --top NUMBER       files that a rank names; 100
        --files NUMBER     files that are kept to be ranked in a region; 1000000
      """;

  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|min)");
  private static final int NUMBER = 9;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static Options of(String... words) {
    Path config = null;
    Set<Jobs.Job> jobs = EnumSet.allOf(Jobs.Job.class);
    String group = "oca-flink";
    Duration checkpoint = Duration.ofSeconds(10);
    Duration idle = Duration.ofSeconds(10);
    int top = 100;
    int files = 1_000_000;
    for (int i = 0; i < words.length; i += 2) {
      String name = words[i];
      String value =
          Optional.of(i + 1)
              .filter(at -> at < words.length)
              .map(at -> words[at])
              .orElseThrow(() -> new IllegalArgumentException(name + " lacks its value"));
      switch (name) {
        case "--config" -> config = Path.of(value);
        case "--jobs" -> jobs = jobs(value);
        case "--group" -> group = value;
        case "--checkpoint" -> checkpoint = time(name, value);
        case "--idle" -> idle = time(name, value);
        case "--top" -> top = number(name, value);
        case "--files" -> files = number(name, value);
        default -> throw new IllegalArgumentException("no such option: " + name);
      }
    }
    if (config == null) {
      throw new IllegalArgumentException("--config is missing: the controller's fill.yaml");
    }
    return new Options(config, jobs, group, checkpoint, idle, top, files);
  }

  private static Set<Jobs.Job> jobs(String list) {
    Set<Jobs.Job> jobs = EnumSet.noneOf(Jobs.Job.class);
    for (String word : list.split(",", -1)) {
      switch (word.strip().toLowerCase(Locale.ROOT)) {
        case "popularity" -> jobs.add(Jobs.Job.POPULARITY);
        case "misses" -> jobs.add(Jobs.Job.MISSES);
        default ->
            throw new IllegalArgumentException("--jobs knows popularity and misses, not " + word);
      }
    }
    return jobs;
  }

  private static Duration time(String name, String value) {
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new IllegalArgumentException(name + " must be such as 500ms, 10s or 1min: " + value);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  private static int number(String name, String value) {
    if (!value.matches("[1-9]\\d{0," + (NUMBER - 1) + "}")) {
      throw new IllegalArgumentException(name + " must be 1 or more, not " + value);
    }
    return Integer.parseInt(value);
  }
}
