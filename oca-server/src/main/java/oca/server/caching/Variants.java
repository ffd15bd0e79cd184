package oca.server.caching;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which fields of a request choose between responses, and the secondary key they make (RFC 9111,
 * section 4.1).
 *
 * <p>Values are made alike only where that section allows it: lines are joined, blanks around
 * commas and empty members dropped, what has no case is in lower case, and the codings of
 * Accept-Encoding, which have no order, are sorted. Fields that are no list stay as they came.
 *
 * <p>A response with a Content-Encoding counts as varying by Accept-Encoding even when its origin
 * forgot to say so: a client that cannot decode it must not get it.
 */
public final class Variants {
  /** The name that stands for everything. */
  static final String ANY = "*";

  private static final String ACCEPT_ENCODING = "accept-encoding";

  private static final Set<String> WITHOUT_CASE =
      Set.of(ACCEPT_ENCODING, "accept-charset", "accept-language");

  private static final Set<String> NO_LISTS =
      Set.of("authorization", "cookie", "from", "host", "origin", "referer", "user-agent");

  private Variants() {}

  /** The names, in lower case and sorted, by which a response varies. */
  public static SortedSet<String> names(FieldSection response) {
    SortedSet<String> names = new TreeSet<>();
    for (String name : response.members("Vary")) {
      names.add(Grammar.isToken(name) ? Grammar.lower(name) : ANY);
    }
    if (isEncoded(response)) {
      names.add(ACCEPT_ENCODING);
    }
    return names;
  }

  private static boolean isEncoded(FieldSection response) {
    return response.members("Content-Encoding").stream()
        .anyMatch(coding -> !coding.equalsIgnoreCase("identity"));
  }

  /**
   * Whether a response varies by more than can be known, so that it matches no request; what is no
   * field's name, such as {@code Foo; Bar}, may mean anything too.
   */
  public static boolean isByAnything(FieldSection response) {
    return names(response).contains(ANY);
  }

  /**
   * The secondary key: two requests for which it is equal are answered by the same response.
   *
   * @param names by which the response varies, as {@link #names} gives them
   * @return empty when it varies by nothing
   */
  public static String key(SortedSet<String> names, FieldSection request) {
    if (names.isEmpty()) {
      return "";
    }
    StringBuilder key = new StringBuilder();
    for (String name : names) {
      key.append(name);
      // That a field is absent matches only that it is absent.
      if (request.has(name)) {
        key.append(':').append(normalised(name, request));
      }
      key.append('\n');
    }
    return key.toString();
  }

  private static String normalised(String name, FieldSection request) {
    if (NO_LISTS.contains(name)) {
      return String.join(", ", request.values(name));
    }
    List<String> members = request.members(name);
    if (WITHOUT_CASE.contains(name)) {
      members = members.stream().map(Grammar::lower).toList();
    }
    return String.join(",", name.equals(ACCEPT_ENCODING) ? codings(members) : members);
  }

  /** Sorted, each once, and without the weight that counts where there is none. */
  private static List<String> codings(List<String> members) {
    SortedSet<String> codings = new TreeSet<>();
    for (String member : members) {
      String coding = member.replace(" ", "").replace("\t", "");
      int weight = coding.indexOf(";q=1");
      boolean isFull = weight >= 0 && coding.substring(weight + 4).matches("(\\.0{0,3})?");
      codings.add(isFull ? coding.substring(0, weight) : coding);
    }
    return new ArrayList<>(codings);
  }
}
