package oca.server.purge;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tags that an origin gave an object: the fields Surrogate-Key, with blanks between (a comma
 * divides as well), and Cache-Tag, with commas between. Immutable.
 *
 * <p>Tags do not differ by the case of ASCII letters, since caches do not agree on that and to
 * purge too much is the lesser evil. So it is with what does not fit the limits: such an object is
 * {@linkplain #isCutOff cut off} and every purge by a tag takes it.
 */
public final class Tags {
  /** No tags. */
  public static final Tags NONE = new Tags(Set.of(), false);

  private final List<String> names;
  private final long[] hashes;
  private final boolean cutOff;

  private Tags(Set<String> names, boolean cutOff) {
    this.names = List.copyOf(names);
    this.hashes = this.names.stream().mapToLong(Hashes::of).toArray();
    this.cutOff = cutOff;
  }

  /**
   * Reads both fields.
   *
   * @param surrogateKeys the values of all lines of Surrogate-Key
   * @param cacheTags the values of all lines of Cache-Tag
   */
  public static Tags of(List<String> surrogateKeys, List<String> cacheTags, PurgeConfig limits) {
    if (surrogateKeys.isEmpty() && cacheTags.isEmpty()) {
      return NONE;
    }
    Set<String> names = new LinkedHashSet<>();
    boolean whole = true;
    for (String value : surrogateKeys) {
      whole &= split(value, true, names, limits);
    }
    for (String value : cacheTags) {
      whole &= split(value, false, names, limits);
    }
    return names.isEmpty() && whole ? NONE : new Tags(names, !whole);
  }

  /** Adds what stands between the dividers, and says whether that was all. */
  private static boolean split(
      String value, boolean atBlanks, Set<String> names, PurgeConfig limits) {
    boolean whole = true;
    int from = 0;
    for (int i = 0; i <= value.length(); i++) {
      boolean ends = i == value.length() || value.charAt(i) == ',';
      if (ends || (atBlanks && isBlank(value.charAt(i)))) {
        whole &= add(trim(value, from, i), names, limits);
        from = i + 1;
      }
    }
    return whole;
  }

  private static boolean add(String name, Set<String> names, PurgeConfig limits) {
    String folded = folded(name);
    if (folded.isEmpty() || names.contains(folded)) {
      return true;
    }
    boolean fits = folded.length() <= limits.maxTagLength() && names.size() < limits.maxTags();
    return fits && names.add(folded);
  }

  private static String trim(String text, int from, int to) {
    int a = from;
    int b = to;
    while (a < b && isBlank(text.charAt(a))) {
      a++;
    }
    while (b > a && isBlank(text.charAt(b - 1))) {
      b--;
    }
    return text.substring(a, b);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** As tags are compared: ASCII letters in lower case. */
  static String folded(String name) {
    char[] chars = name.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] >= 'A' && chars[i] <= 'Z') {
        chars[i] = (char) (chars[i] | 0x20);
      }
    }
    return new String(chars);
  }

  /** The tags as they are compared, in their order, each once. */
  public List<String> names() {
    return names;
  }

  /** Whether there were more tags, or longer ones, than the limits allow. */
  public boolean isCutOff() {
    return cutOff;
  }

  /** Whether a purge by that tag takes the object. */
  public boolean has(String tag) {
    return cutOff || names.contains(folded(tag));
  }

  int size() {
    return names.size();
  }

  String name(int index) {
    return names.get(index);
  }

  long hash(int index) {
    return hashes[index];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tags that && names.equals(that.names) && cutOff == that.cutOff;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return names + (cutOff ? " and more" : "");
  }
}
