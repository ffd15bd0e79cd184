package oca.bench.serve;

import java.util.Map;
import java.util.TreeMap;
import oca.server.http.HttpListener;

/**
 * What a listener of ours has counted since it was opened, and what it holds now.
 *
 * @param connections that are served now
 * @param directMemory bytes that its pool has taken, in use or not
 * @param counts by the counter's kind and name, such as {@code outcome.part}
 */
record Counters(int connections, long directMemory, Map<String, Long> counts) {

  static Counters of(HttpListener listener) {
    Map<String, Long> counts = new TreeMap<>();
    listener.outcomes().forEach((outcome, n) -> counts.put("outcome." + outcome.label(), n));
    listener.http2Faults().forEach((fault, n) -> counts.put("http2." + fault.label(), n));
    listener.denials().forEach((reason, n) -> counts.put("denied." + reason.label(), n));
    counts.put("shed", listener.connectionsShed());
    counts.put("crowded", listener.connectionsCrowded());
    counts.put("slow-readers", listener.slowReaders());
    counts.put("broken-off", listener.brokenOff());
    counts.put("read-errors", listener.readErrors());
    counts.put("cold-refused", listener.reading().refusals());
    return new Counters(listener.connections(), listener.directMemory(), counts);
  }

  /** One of them. */
  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  /** By how much each has grown since, but for those that have not. */
  Map<String, Long> since(Counters before) {
    Map<String, Long> growth = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          if (count != before.count(name)) {
            growth.put(name, count - before.count(name));
          }
        });
    return growth;
  }
}
