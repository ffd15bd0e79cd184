package oca.protocol.records;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import oca.protocol.Wire;
import oca.protocol.kafka.Packing;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches into a spool, from which another thread sends them. So a batch is taken over once
 * it is on this machine's disk, and it is the same to this sink whether a broker is there or not.
 *
 * <p>Its messages are numbered by themselves, 1, 2, 3 and so on within a boot, for a batch that is
 * too large for a broker becomes several. A message tells of the records that were lost before it,
 * by the spool too: what receivers counted and what they were told was dropped is all there was.
 */
final class SpoolSink<T> implements RecordSink<T> {
  private final RecordForm<T> form;
  private final KafkaConfig config;
  private final RecordsConfig records;
  private final Spool spool;
  private final Supplier<Outlet> outlet;
  private volatile @Nullable SpoolSender sender;
  private long offered;
  private int taken;
  private long dropped;
  private int most = Integer.MAX_VALUE;
  private long sequence;

  /** Touches nothing yet. */
  SpoolSink(
      RecordForm<T> form,
      KafkaConfig config,
      RecordsConfig records,
      RecordFolder folder,
      Supplier<Outlet> outlet) {
    this.form = form;
    this.config = config;
    this.records = records;
    this.spool = new Spool(config, folder);
    this.outlet = outlet;
  }

  @Override
  public String name() {
    return "kafka";
  }

  /** Any thread. */
  @Override
  public long lost() {
    return spool.lost();
  }

  /** Any thread. */
  SpoolStatus status() {
    SpoolSender now = sender;
    return new SpoolStatus(
        spool.bytes(),
        config.maxSpool().bytes(),
        now == null ? 0 : now.delivered(),
        spool.lost(),
        spool.damaged(),
        spool.torn(),
        now == null ? 0 : now.failures(),
        now != null && now.failing());
  }

  @Override
  public void write(RecordBatch<T> batch) throws IOException {
    begin();
    if (batch.sequence() != offered) {
      offered = batch.sequence();
      taken = 0;
      dropped = batch.dropped();
    }
    while (taken < batch.records().size()) {
      int until = Math.min(batch.records().size(), taken + Math.min(most, batch.records().size()));
      append(batch, batch.records().subList(taken, until));
    }
  }

  /** Appends the first of these as one message; as many as fit. */
  private void append(RecordBatch<T> batch, List<T> rest) throws IOException {
    long lost = spool.room();
    int tells = (int) Math.min(Integer.MAX_VALUE, dropped + lost);
    List<T> part = rest;
    byte[] message = message(batch, tells, part);
    while (message.length > config.message().bytes() && part.size() > 1) {
      part = part.subList(0, part.size() / 2);
      // The next are about as large.
      most = part.size();
      message = message(batch, tells, part);
    }
    if (message.length > config.segment().bytes()) {
      throw new IllegalArgumentException("a record of " + message.length + " bytes");
    }
    spool.append(message, part.size(), tells, lost);
    sequence++;
    dropped = 0;
    taken += part.size();
  }

  private byte[] message(RecordBatch<T> batch, int tells, List<T> part) {
    byte[] json =
        Wire.write(
            form.message(
                new RecordBatch<>(batch.server(), batch.bootId(), sequence + 1, tells, part)));
    byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return Packing.pack(line);
  }

  /** What an earlier process left is sent without waiting for a record. */
  @Override
  public void tick() throws IOException {
    begin();
    if (most < Integer.MAX_VALUE / 2) {
      most *= 2;
    }
  }

  @Override
  public void close() throws IOException {
    SpoolSender now = sender;
    if (now != null) {
      now.close(records.flush().dividedBy(2));
    }
    spool.close();
  }

  private void begin() throws IOException {
    if (sender == null) {
      spool.open();
      sender =
          new SpoolSender(
              form.kind(), spool, outlet.get(), records.backoff(), records.backoffMax());
    }
  }
}
