package oca.server.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import oca.protocol.token.Reason;
import oca.server.range.Outcome;

/** What a listener has done since its start. Safe on any thread. */
final class Tally {
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final Map<Protocol, LongAdder> protocols = new EnumMap<>(Protocol.class);
  private final Map<Http2Fault, LongAdder> http2Faults = new EnumMap<>(Http2Fault.class);
  private final Map<Reason, LongAdder> denials = new EnumMap<>(Reason.class);
  private final LongAdder handshakeFailures = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder brokenOff = new LongAdder();
  private final LongAdder readErrors = new LongAdder();
  private final LongAdder recordsLost = new LongAdder();
  private final LongAdder slowReaders = new LongAdder();
  private final FirstBytes firstBytes = new FirstBytes();

  Tally() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
    for (Protocol protocol : Protocol.values()) {
      protocols.put(protocol, new LongAdder());
    }
    for (Reason reason : Reason.values()) {
      denials.put(reason, new LongAdder());
    }
    for (Http2Fault fault : Http2Fault.values()) {
      http2Faults.put(fault, new LongAdder());
    }
  }

  private static <K extends Enum<K>> Map<K, Long> sums(Map<K, LongAdder> counts, Class<K> kind) {
    Map<K, Long> sums = new EnumMap<>(kind);
    counts.forEach((key, count) -> sums.put(key, count.sum()));
    return sums;
  }

  private static <K> LongAdder of(Map<K, LongAdder> counts, K key) {
    return Objects.requireNonNull(counts.get(key));
  }

  void ended(Protocol protocol, Outcome outcome, boolean complete) {
    of(outcomes, outcome).increment();
    of(protocols, protocol).increment();
    if (!complete) {
      brokenOff.increment();
    }
  }

  void handedOver(long count) {
    bytes.add(count);
  }

  FirstBytes firstBytes() {
    return firstBytes;
  }

  void readFailed() {
    readErrors.increment();
  }

  void denied(Reason reason) {
    of(denials, reason).increment();
  }

  Map<Reason, Long> denials() {
    return sums(denials, Reason.class);
  }

  void recordLost() {
    recordsLost.increment();
  }

  void cutOffSlowReader() {
    slowReaders.increment();
  }

  long slowReaders() {
    return slowReaders.sum();
  }

  void http2Fault(Http2Fault fault) {
    of(http2Faults, fault).increment();
  }

  void handshakeFailed() {
    handshakeFailures.increment();
  }

  long requests() {
    return outcomes.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<Outcome, Long> outcomes() {
    return sums(outcomes, Outcome.class);
  }

  Map<Protocol, Long> protocols() {
    return sums(protocols, Protocol.class);
  }

  Map<Http2Fault, Long> http2Faults() {
    return sums(http2Faults, Http2Fault.class);
  }

  long handshakeFailures() {
    return handshakeFailures.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  long brokenOff() {
    return brokenOff.sum();
  }

  long readErrors() {
    return readErrors.sum();
  }

  long recordsLost() {
    return recordsLost.sum();
  }
}
