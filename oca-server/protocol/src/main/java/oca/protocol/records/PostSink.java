package oca.protocol.records;

import java.io.IOException;
import java.net.URI;
import oca.protocol.http.ControlClient;

/**
 * Posts each batch as one message. A repetition is recognised by the receiver, who has seen its
 * sequence.
 */
final class PostSink<T> implements RecordSink<T> {
  private final RecordForm<T> form;
  private final URI target;
  private final ControlClient client;

  /** With a client that the caller closes, later. */
  PostSink(RecordForm<T> form, URI target, ControlClient client) {
    this.form = form;
    this.target = target;
    this.client = client;
  }

  @Override
  public String name() {
    return "post";
  }

  @Override
  public void write(RecordBatch<T> batch) throws IOException {
    client.post(target, form.message(batch));
  }

  /** Nothing is kept here that could grow old. */
  @Override
  public void tick() {}

  /** Nothing is open between two posts. */
  @Override
  public void close() {}
}
