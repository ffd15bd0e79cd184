package oca.server.http;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import oca.protocol.ServeRecord;
import oca.store.ContentSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of one listener share. Safe on any thread.
 *
 * @param draining set while every answer is to be its connection's last
 */
record Serving(
    HttpConfig config,
    ContentSource content,
    ReplyWriter writer,
    Consumer<ServeRecord> records,
    InstantSource clock,
    Tally tally,
    AtomicBoolean draining) {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

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
