package oca.server.caching;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A header section (RFC 9110, section 5): lines in their order, names of any case. Immutable.
 *
 * <p>What comes from outside goes through a {@link Builder}, which keeps to limits. Look-ups walk
 * through the lines: there are few, and they stay as they came.
 */
public final class FieldSection {
  /** Without any line. */
  public static final FieldSection EMPTY = new FieldSection(List.of());

  private final List<FieldLine> lines;

  /** A bit for each length of a name, modulo 64: most look-ups are for what is not there. */
  private final long lengths;

  /** Made when it is wanted first. */
  private volatile byte @Nullable [] http1;

  private FieldSection(List<FieldLine> lines) {
    this.lines = lines;
    long bits = 0;
    for (int i = 0; i < lines.size(); i++) {
      bits |= 1L << lines.get(i).name().length();
    }
    this.lengths = bits;
  }

  private boolean mayHave(String name) {
    return (lengths & 1L << name.length()) != 0;
  }

  /** Collects lines within limits. For one thread. */
  public static final class Builder {
    private final FieldLimits limits;
    private final List<FieldLine> lines = new ArrayList<>();
    private long octets;

    /** Empty at first. */
    public Builder(FieldLimits limits) {
      this.limits = limits;
    }

    /**
     * Adds a line.
     *
     * @return whether there was room; nothing was added when there was none
     * @throws IllegalArgumentException when it is no line of a header section
     */
    public boolean add(String name, String value) {
      FieldLine line = new FieldLine(name, value);
      if (lines.size() == limits.maxLines() || octets + line.octets() > limits.maxOctets()) {
        return false;
      }
      octets += line.octets();
      return lines.add(line);
    }

    /** What was added so far. */
    public FieldSection build() {
      return FieldSection.of(lines);
    }
  }

  /** Those lines. */
  public static FieldSection of(List<FieldLine> lines) {
    return lines.isEmpty() ? EMPTY : new FieldSection(List.copyOf(lines));
  }

  /** Names and values by turns. */
  public static FieldSection of(String... namesAndValues) {
    List<FieldLine> lines = new ArrayList<>(namesAndValues.length / 2);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      lines.add(new FieldLine(namesAndValues[i], namesAndValues[i + 1]));
    }
    return of(lines);
  }

  /** All lines in their order. */
  public List<FieldLine> lines() {
    return lines;
  }

  /** Whether there is a line of that field. */
  public boolean has(String name) {
    return first(name) != null;
  }

  /** The value of the field's first line, or null without one. */
  public @Nullable String first(String name) {
    if (!mayHave(name)) {
      return null;
    }
    // By index: this is done a dozen times for each request.
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isNamed(name)) {
        return lines.get(i).value();
      }
    }
    return null;
  }

  /** The values of all lines of the field, in their order; empty without one. */
  public List<String> values(String name) {
    List<String> values = new ArrayList<>(1);
    for (FieldLine line : lines) {
      if (line.isNamed(name)) {
        values.add(line.value());
      }
    }
    return values;
  }

  /** All lines of the field as one value, with commas between (section 5.2); null without one. */
  public @Nullable String joined(String name) {
    if (!mayHave(name)) {
      return null;
    }
    String only = null;
    for (int i = 0; i < lines.size(); i++) {
      FieldLine line = lines.get(i);
      if (line.isNamed(name)) {
        if (only != null) {
          return String.join(", ", values(name));
        }
        only = line.value();
      }
    }
    return only;
  }

  /** The members of a field that is a list, over all its lines. */
  public List<String> members(String name) {
    List<String> members = new ArrayList<>(2);
    for (FieldLine line : lines) {
      if (line.isNamed(name)) {
        members.addAll(Grammar.members(line.value()));
      }
    }
    return members;
  }

  /** With one more line at the end. */
  public FieldSection plus(String name, String value) {
    List<FieldLine> more = new ArrayList<>(lines);
    more.add(new FieldLine(name, value));
    return of(more);
  }

  /** With those lines at the end. */
  public FieldSection plus(FieldSection others) {
    List<FieldLine> more = new ArrayList<>(lines.size() + others.lines.size());
    more.addAll(lines);
    more.addAll(others.lines);
    return of(more);
  }

  /** With this line in place of all that the field had. */
  public FieldSection with(String name, String value) {
    return without(name::equalsIgnoreCase).plus(name, value);
  }

  /** Without the fields of those names. */
  public FieldSection without(Set<String> lowerCaseNames) {
    return lowerCaseNames.isEmpty()
        ? this
        : without(name -> lowerCaseNames.contains(Grammar.lower(name)));
  }

  /** Without the fields whose name, as it came, is one to leave out. */
  public FieldSection without(Predicate<String> isLeftOut) {
    // Mostly there is none, and then nothing is made.
    for (int i = 0; i < lines.size(); i++) {
      if (isLeftOut.test(lines.get(i).name())) {
        return withoutFrom(i, isLeftOut);
      }
    }
    return this;
  }

  private FieldSection withoutFrom(int first, Predicate<String> isLeftOut) {
    List<FieldLine> rest = new ArrayList<>(lines.subList(0, first));
    for (FieldLine line : lines.subList(first + 1, lines.size())) {
      if (!isLeftOut.test(line.name())) {
        rest.add(line);
      }
    }
    return of(rest);
  }

  /**
   * The lines as HTTP/1.1 has them (RFC 9112, section 5), each with its end. The same array each
   * time, which must not be changed.
   */
  public byte[] http1() {
    byte[] known = http1;
    if (known == null) {
      StringBuilder text = new StringBuilder();
      for (FieldLine line : lines) {
        text.append(line.name()).append(": ").append(line.value()).append("\r\n");
      }
      known = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      http1 = known;
    }
    return known;
  }

  /** How many bytes the lines take in HTTP/1.1. */
  public long octets() {
    return lines.stream().mapToLong(FieldLine::octets).sum();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSection that && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
