package oca.server.caching;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cache directives as they were written (RFC 9111, section 5.2), before anybody asks what they
 * mean.
 *
 * <p>Where a directive is malformed or comes twice, it is read in the way that keeps less for less
 * long (section 4.2.1): what restricts is heeded however it is spelled, what permits only as it
 * should be; of several times the shortest counts, and one that is none makes it zero.
 *
 * @param isCutOff whether a quoted string did not end, so that nothing of the field is sure
 */
record Directives(List<Directive> all, boolean isCutOff) {
  /** No such directive. */
  static final long ABSENT = -1;

  /** Section 1.2.2: as long as anything is kept, and what an overflow counts as. */
  static final long MAX_SECONDS = 1L << 31;

  private static final int MAX_DIGITS = 10;

  /**
   * One of them.
   *
   * @param name in lower case
   * @param argument behind the equals sign, without quotes; null without one
   * @param isProper whether it is spelled as the grammar has it
   */
  record Directive(String name, @Nullable String argument, boolean isProper) {}

  Directives {
    all = List.copyOf(all);
  }

  /** Those of all lines of a field. Each line is read for itself: a stray quote ends with it. */
  static Directives parse(List<String> lines) {
    List<Directive> all = new ArrayList<>();
    boolean cutOff = false;
    for (String line : lines) {
      cutOff |= Grammar.isCutOff(line);
      for (String member : Grammar.members(line)) {
        Directive directive = directive(member);
        if (directive != null) {
          all.add(directive);
        }
      }
    }
    return new Directives(all, cutOff);
  }

  private static @Nullable Directive directive(String member) {
    int end = Grammar.tokenEnd(member);
    if (end == 0) {
      return null;
    }
    String name = Grammar.lower(member.substring(0, end));
    if (end == member.length()) {
      return new Directive(name, null, true);
    }
    String rest = Grammar.trim(member.substring(end));
    if (rest.charAt(0) != '=') {
      return new Directive(name, null, false);
    }
    String argument = rest.substring(1);
    String quoted = Grammar.unquoted(argument);
    boolean proper = member.charAt(end) == '=' && (quoted != null || Grammar.isToken(argument));
    return new Directive(name, quoted != null ? quoted : Grammar.trim(argument), proper);
  }

  /** Whether it is there, however it is spelled: for what restricts. */
  boolean restricts(String name) {
    return all.stream().anyMatch(it -> it.name().equals(name));
  }

  /** Whether it is there and spelled as it should be, without argument: for what permits. */
  boolean permits(String name) {
    return all.stream()
        .anyMatch(it -> it.name().equals(name) && it.isProper() && it.argument() == null);
  }

  /** Whether it is there, and each time spelled as it should be and without argument. */
  boolean isAlwaysBare(String name) {
    return permits(name)
        && all.stream()
            .allMatch(it -> !it.name().equals(name) || (it.isProper() && it.argument() == null));
  }

  /**
   * A number of seconds, the smallest where it comes more than once.
   *
   * @param ifInvalid what counts when any of them is no number
   * @return 0 to {@link #MAX_SECONDS}, {@code ifInvalid}, or {@link #ABSENT}
   */
  long seconds(String name, long ifInvalid) {
    long smallest = ABSENT;
    for (Directive directive : all) {
      if (!directive.name().equals(name)) {
        continue;
      }
      String argument = directive.argument();
      if (argument == null || !directive.isProper() || !Grammar.isDigits(argument)) {
        return ifInvalid;
      }
      long seconds = deltaSeconds(argument);
      smallest = smallest == ABSENT ? seconds : Math.min(smallest, seconds);
    }
    return smallest;
  }

  /** The number that the digits say, or {@link #MAX_SECONDS} when it is larger. */
  static long deltaSeconds(String digits) {
    int from = 0;
    while (from < digits.length() - 1 && digits.charAt(from) == '0') {
      from++;
    }
    return digits.length() - from > MAX_DIGITS
        ? MAX_SECONDS
        : Math.min(MAX_SECONDS, Long.parseLong(digits.substring(from)));
  }

  /**
   * The field names that a directive is about, in lower case: {@code private="a, b"}. Null when it
   * is absent; empty when it is about all of the response, which it is too when any of the names is
   * none or the directive comes without an argument as well.
   */
  @Nullable Set<String> fieldNames(String name) {
    Set<String> names = null;
    for (Directive directive : all) {
      if (!directive.name().equals(name)) {
        continue;
      }
      names = names == null ? new LinkedHashSet<>() : names;
      String argument = directive.argument();
      List<String> listed = argument == null ? List.of() : Grammar.members(argument);
      if (listed.isEmpty()
          || !directive.isProper()
          || !listed.stream().allMatch(Grammar::isToken)) {
        return Set.of();
      }
      for (String it : listed) {
        names.add(Grammar.lower(it));
      }
    }
    return names == null ? null : Set.copyOf(names);
  }
}
