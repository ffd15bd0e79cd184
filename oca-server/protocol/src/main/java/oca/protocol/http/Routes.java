package oca.protocol.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who answers what, and who guards it. Written before the listener starts, only read after. */
final class Routes {
  /**
   * Who answers.
   *
   * @param inline on the event loop itself
   */
  record Target(ControlListener.Handler handler, boolean inline) {}

  /** One path, with all its methods. */
  static final class Route {
    private final String path;
    private final Map<String, Target> methods = new HashMap<>();
    private String allow = "";

    private Route(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }

    /** Who answers the method; HEAD is answered by GET, without the body. */
    @Nullable Target target(String method) {
      Target exact = methods.get(method);
      return exact == null && method.equals("HEAD") ? methods.get("GET") : exact;
    }

    /** The value of Allow (RFC 9110, section 10.2.1). */
    String allow() {
      return allow;
    }

    private void put(String method, Target target) {
      methods.put(method, target);
      TreeSet<String> names = new TreeSet<>(methods.keySet());
      if (names.contains("GET")) {
        names.add("HEAD");
      }
      names.add("OPTIONS");
      allow = String.join(", ", names);
    }
  }

  private record Guard(String path, Gate gate) {
    boolean covers(String asked) {
      return path.endsWith("/") ? asked.startsWith(path) : asked.equals(path);
    }
  }

  private final Map<String, Route> byPath = new HashMap<>();
  private final List<Route> prefixes = new ArrayList<>();
  private final List<Guard> guards = new ArrayList<>();

  void add(String method, String path, Target target) {
    Route route = byPath.get(path);
    if (route == null) {
      route = new Route(path);
      byPath.put(path, route);
      if (path.endsWith("/")) {
        prefixes.add(route);
        prefixes.sort(Comparator.comparingInt((Route it) -> it.path.length()).reversed());
      }
    }
    route.put(method, target);
  }

  void guard(String path, Gate gate) {
    guards.add(new Guard(path, gate));
  }

  /** Each "METHOD path" that was added. */
  SortedSet<String> names() {
    TreeSet<String> names = new TreeSet<>();
    byPath.forEach(
        (path, route) -> route.methods.keySet().forEach(method -> names.add(method + " " + path)));
    return names;
  }

  /** The longest path that it equals or, where the route's ends with a slash, starts with. */
  @Nullable Route match(String path) {
    Route exact = byPath.get(path);
    if (exact != null) {
      return exact;
    }
    for (int i = 0; i < prefixes.size(); i++) {
      if (path.startsWith(prefixes.get(i).path)) {
        return prefixes.get(i);
      }
    }
    return null;
  }

  /** What the first gate says that refuses, or null. */
  @Nullable Response refusal(Request head) {
    for (int i = 0; i < guards.size(); i++) {
      Guard guard = guards.get(i);
      if (guard.covers(head.path())) {
        Response refusal = guard.gate.refusal(head);
        if (refusal != null) {
          return refusal;
        }
      }
    }
    return null;
  }
}
