package oca.server.purge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All purges that still matter.
 *
 * <p>An object takes its stamp from {@link #now} <em>before</em> its fetch begins, and keeps that
 * one however long the fetch takes: what upstream sent before a purge is then purged although it is
 * kept only after. An object that was judged {@link Verdict#VALID} may take a newer stamp, the one
 * that {@code now} gave before it was judged; the next judgements of it are then one volatile read.
 * So may one that was validated upstream, the one that {@code now} gave before it was asked.
 *
 * <p>When {@link #purge} has returned, the purge is complete: every judgement that begins later, on
 * any thread, is by it. It is complete across restarts when {@link #rules} and {@link #now} were
 * written down before it was reported.
 *
 * <p>At most {@code maxRules} single targets are remembered. Beyond, the one purged the longest ago
 * becomes part of its service's own rule: everything that is as old and of that service is then
 * purged, as hard as it was. No object is ever judged less strictly for that.
 *
 * <p>{@code now} and {@code judge} are for any thread and never wait. All else is for control
 * threads, which wait for each other.
 */
public final class Purges {
  private final PurgeConfig config;
  private final Marks marks;
  private volatile Map<String, Service> services = Map.of();
  private volatile long newest;
  private int remembered;
  private long folded;

  private Purges(PurgeConfig config) {
    this.config = config;
    this.marks = new Marks(config.maxRules());
  }

  /** Nothing was purged yet, and nothing is kept yet. */
  public static Purges empty(PurgeConfig config) {
    return new Purges(config);
  }

  /**
   * What was written down.
   *
   * @param rules from {@link #rules}, in any order
   * @param generation from {@link #now} at the same time; never below the stamp of an object that
   *     is still kept, or later purges would pass that object by
   * @throws IllegalArgumentException when a rule is of a later generation, or there are too many
   *     services
   */
  public static Purges of(PurgeConfig config, List<Rule> rules, long generation) {
    Purges purges = new Purges(config);
    List<Rule> sorted = new ArrayList<>(rules);
    sorted.sort(Comparator.comparingLong(Rule::generation));
    for (Rule rule : sorted) {
      if (rule.generation() > generation) {
        throw new IllegalArgumentException(
            "a rule of generation "
                + rule.generation()
                + " among those up to "
                + generation
                + "; they were not written down together");
      }
      purges.remember(rule);
    }
    purges.newest = generation;
    return purges;
  }

  /** The stamp of an object whose fetch begins now: the number of purges so far. */
  public long now() {
    return newest;
  }

  /**
   * What became of an object.
   *
   * @param stamp that it was given
   * @param path with its query, as it is in the key of the object
   */
  public Verdict judge(long stamp, String service, String path, Tags tags) {
    if (stamp >= newest) {
      return Verdict.VALID;
    }
    Service purged = services.get(service);
    return purged == null || stamp >= purged.newest()
        ? Verdict.VALID
        : judge(stamp, purged, path, tags);
  }

  /** The service's own rule comes last: what is folded into it is taken out only afterwards. */
  private Verdict judge(long stamp, Service service, String path, Tags tags) {
    Verdict verdict = ofPath(stamp, service, path);
    if (verdict != Verdict.HARD) {
      verdict = ofTags(verdict, stamp, service, tags);
    }
    return verdict == Verdict.HARD
        ? verdict
        : Service.stricter(verdict, service.hard(), service.soft(), stamp);
  }

  private Verdict ofPath(long stamp, Service service, String path) {
    Verdict verdict = Verdict.VALID;
    int longest = Math.min(path.length(), service.longestPrefix());
    long hash = Hashes.EMPTY;
    for (int i = 0; i < path.length(); i++) {
      hash = Hashes.grow(hash, path.charAt(i));
      if (i < longest) {
        Mark mark = marks.find(service, Kind.PREFIX, hash, path, i + 1);
        verdict = Service.stricter(verdict, mark, stamp);
      }
    }
    Mark mark = marks.find(service, Kind.URL, hash, path, path.length());
    return Service.stricter(verdict, mark, stamp);
  }

  private Verdict ofTags(Verdict sofar, long stamp, Service service, Tags tags) {
    long hard = service.hardTag();
    long soft = service.softTag();
    if (stamp >= Math.max(hard, soft)) {
      return sofar;
    }
    if (tags.isCutOff()) {
      return Service.stricter(sofar, hard, soft, stamp);
    }
    Verdict verdict = sofar;
    for (int i = 0; i < tags.size(); i++) {
      String tag = tags.name(i);
      Mark mark = marks.find(service, Kind.TAG, tags.hash(i), tag, tag.length());
      verdict = Service.stricter(verdict, mark, stamp);
    }
    return verdict;
  }

  /**
   * Purges. A dry run purges nothing.
   *
   * @return the rule that is in force now, or would be: its {@link Rule#matches} tells what it is
   *     about
   * @throws IllegalArgumentException when the target is longer than the configuration allows, or
   *     there are too many services; nothing was purged
   */
  public synchronized Rule purge(PurgeOrder order) {
    int most = order.kind() == Kind.TAG ? config.maxTagLength() : config.maxTarget();
    if (order.target().length() > most) {
      throw new IllegalArgumentException(
          order.kind().key() + " is longer than " + most + " characters; purge by a shorter one");
    }
    Rule rule = order.rule(newest + 1);
    if (!order.dryRun()) {
      remember(rule);
      // Last: whoever reads this generation sees its rule, and no stamp is of it before.
      newest = rule.generation();
    }
    return rule;
  }

  private void remember(Rule rule) {
    Service service = obtain(rule.service());
    if (rule.kind() == Kind.ALL) {
      service.raise(rule.generation(), rule.soft());
    } else {
      Mark mark = marks.obtain(service, rule.kind(), rule.target());
      int before = mark.rules();
      mark.raise(rule.generation(), rule.soft());
      marks.renew(mark);
      remembered += mark.rules() - before;
    }
    service.note(rule);
    while (remembered > config.maxRules()) {
      foldOldest();
    }
  }

  private void foldOldest() {
    Mark mark = marks.oldest();
    if (mark == null) {
      throw new IllegalStateException(remembered + " rules are counted and none is there");
    }
    boolean isStricter = mark.service().fold(mark);
    marks.remove(mark);
    remembered -= mark.rules();
    folded += isStricter ? mark.rules() : 0;
  }

  private Service obtain(String name) {
    Service known = services.get(name);
    if (known != null) {
      return known;
    }
    if (services.size() >= config.maxServices()) {
      throw new IllegalArgumentException(
          "purges of "
              + config.maxServices()
              + " services are remembered and none more; raise maxServices to purge "
              + name);
    }
    Map<String, Service> more = new HashMap<>(services);
    Service service = new Service(name);
    more.put(name, service);
    services = Map.copyOf(more);
    return service;
  }

  /**
   * All that is remembered, by generation, for writing down: at most {@code maxRules}, and two for
   * each service.
   */
  public synchronized List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(remembered);
    for (Service service : services.values()) {
      add(rules, service.hard(), service.soft(), service.name(), Kind.ALL, "");
    }
    marks.forEach(
        mark ->
            add(
                rules,
                mark.hard(),
                mark.soft(),
                mark.service().name(),
                mark.kind(),
                mark.target()));
    rules.sort(Comparator.comparingLong(Rule::generation));
    return rules;
  }

  private static void add(
      List<Rule> rules, long hard, long soft, String service, Kind kind, String target) {
    if (hard > 0) {
      rules.add(new Rule(hard, service, kind, target, false));
    }
    if (soft > hard) {
      rules.add(new Rule(soft, service, kind, target, true));
    }
  }

  /** How many rules of single targets are remembered; 0 to {@code maxRules}. */
  public synchronized int size() {
    return remembered;
  }

  /**
   * How many rules were given up for a coarser one since the start, so that objects were purged
   * that nobody named.
   */
  public synchronized long folded() {
    return folded;
  }
}
