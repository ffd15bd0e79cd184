package oca.server.http;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import oca.config.Current;
import oca.protocol.ServeRecord;
import oca.server.authorize.LiveAuthorizer;
import oca.server.caching.CacheStatusEntry;
import oca.server.caching.Forward;
import oca.server.pull.PullSource;
import oca.store.ContentSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of one listener share. Safe on any thread.
 *
 * @param settings that are in force now
 * @param pulls services whose content is fetched when it is wanted
 * @param boundaries draws a boundary for an answer in parts, which nobody can foresee
 * @param bulk who of the bulk requests is answered
 * @param draining set while every answer is to be its connection's last
 * @param keys whose tokens open what is not public
 * @param cmsd what players are told of the server's load
 * @param contents of requests that are being read
 */
record Serving(
    Current<HttpConfig> settings,
    ContentSource content,
    PullSource pulls,
    ReplyWriter writer,
    Http2Heads http2Heads,
    Consumer<ServeRecord> records,
    InstantSource clock,
    Tally tally,
    BulkGate bulk,
    Supplier<String> boundaries,
    AtomicBoolean draining,
    Residency residency,
    LiveAuthorizer keys,
    AtomicReference<FieldLines> cmsd,
    ContentRoom contents) {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  /** What is in force now; who needs several of its values reads it once. */
  HttpConfig config() {
    return settings.get();
  }

  /** Whether every file may be had without a token, and paths have none. */
  boolean isPublic() {
    return config().authorize().protect().isEmpty();
  }

  /** The longest head of a request. */
  int maxHeadBytes() {
    return (int) config().maxHeadBytes().bytes();
  }

  /** What Cache-Status says of who is sent elsewhere. */
  String redirected() {
    return CacheStatusEntry.forwarded(config().cacheName(), Forward.URI_MISS)
        .withDetail("redirected")
        .value();
  }

  /** Reads the content of a request, of that length or {@link RequestContent#CHUNKED}. */
  RequestContent contentOf(long length) {
    return new RequestContent(length, (int) config().maxContent().bytes(), contents);
  }

  /** How many bytes of an answer a client must take within an idle timeout, 1 or more. */
  long leastProgress() {
    HttpConfig config = config();
    return Math.max(1, config.slowestReader().bytes() * config.idleTimeout().toMillis() / 1000);
  }

  /** Passes a record on; a receiver that throws costs the record, not the connection. */
  void record(ServeRecord record) {
    try {
      records.accept(record);
    } catch (RuntimeException e) {
      tally.recordLost();
      log.debug("a serve record was not taken", e);
    }
  }
}
