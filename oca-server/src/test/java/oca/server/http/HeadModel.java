package oca.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a connection is to make of the bytes it got: RFC 9112 read a second time, by regular
 * expressions over the whole stream. Slow, and shares no line with {@link HeadParser}.
 */
final class HeadModel {
  private static final Pattern END = Pattern.compile("\n\r?\n");
  private static final Pattern BEGIN = Pattern.compile("[!#$%&'*+.^_`|~A-Za-z0-9\r-]");
  private static final Pattern LINE =
      Pattern.compile("([!#$%&'*+.^_`|~A-Za-z0-9-]+) ([!-~]+) HTTP/([0-9])\\.([0-9])\r\n");
  private static final Pattern FIELD =
      Pattern.compile(
          "([!#$%&'*+.^_`|~A-Za-z0-9-]+):[ \t]*((?:[\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)[ "
              + "\t]*\r\n");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=%:\\[\\]-]*");
  private static final Pattern TARGET =
      Pattern.compile("(?:(?i:https?)://[^/]+)?(/[^?]*)(?:\\?(.*))?");

  private final int maxBytes;
  private final int maxFields;
  private final int maxRequests;

  HeadModel(HttpConfig config) {
    maxBytes = (int) config.maxHeadBytes().bytes();
    maxFields = config.maxFields();
    maxRequests = config.maxRequestsPerConnection();
  }

  /**
   * One request, as far as its answer's form depends on it.
   *
   * @param refused whether it is no request that could be answered
   * @param last whether its answer is the connection's last
   */
  record Request(
      boolean refused, boolean last, String method, String path, Map<String, String> fields) {
    boolean headOnly() {
      return method.equals("HEAD");
    }
  }

  private static final Request REFUSED = new Request(true, true, "", "", Map.of());

  /** The requests that are answered once the connection got just these bytes, in Latin-1. */
  List<Request> requests(String stream) {
    List<Request> requests = new ArrayList<>();
    int at = 0;
    while (at < stream.length()) {
      Matcher end = END.matcher(stream);
      boolean whole = end.find(at);
      if ((whole ? end.end() : stream.length()) - at > maxBytes) {
        requests.add(REFUSED);
        break;
      }
      if (!whole) {
        if (!BEGIN.matcher(stream.substring(at, at + 1)).matches()) {
          requests.add(REFUSED);
        }
        break;
      }
      Request next = request(stream.substring(at, end.end()));
      boolean last = next.last() || requests.size() + 1 == maxRequests;
      requests.add(new Request(next.refused(), last, next.method(), next.path(), next.fields()));
      if (last) {
        break;
      }
      at = end.end();
    }
    return requests;
  }

  /** The request that a whole head is. */
  Request request(String head) {
    String text = head.startsWith("\r\n") ? head.substring(2) : head;
    Matcher line = LINE.matcher(text);
    if (!line.lookingAt() || !line.group(3).equals("1")) {
      return REFUSED;
    }
    int at = line.end();
    Map<String, String> fields = new HashMap<>();
    int count = 0;
    while (!text.substring(at).equals("\r\n")) {
      Matcher field = FIELD.matcher(text).region(at, text.length());
      if (!field.lookingAt() || ++count > maxFields) {
        return REFUSED;
      }
      String name = field.group(1).toLowerCase(Locale.ROOT);
      String before = fields.get(name);
      if (before != null && (name.equals("host") || name.equals("content-length"))) {
        return REFUSED;
      }
      fields.put(name, before == null ? field.group(2) : before + ", " + field.group(2));
      at = field.end();
    }
    boolean later = !line.group(4).equals("0");
    if (!isFramed(fields, later)) {
      return REFUSED;
    }
    String method = line.group(1);
    Matcher target = TARGET.matcher(line.group(2));
    boolean asterisk = method.equals("OPTIONS") && line.group(2).equals("*");
    if (!target.matches() && !asterisk) {
      return REFUSED;
    }
    boolean close =
        List.of(fields.getOrDefault("connection", "").split(",", -1)).stream()
            .anyMatch(it -> it.strip().equalsIgnoreCase("close"));
    String path = asterisk ? "" : target.group(1).substring(1);
    return new Request(false, !later || close, method, path, fields);
  }

  /** Nothing has a body, and nothing leaves open whether it has one. */
  private static boolean isFramed(Map<String, String> fields, boolean later) {
    String host = fields.get("host");
    if (host == null ? later : !HOST.matcher(host).matches()) {
      return false;
    }
    return !fields.containsKey("transfer-encoding")
        && fields.getOrDefault("content-length", "0").matches("0{1,18}");
  }
}
