package oca.server.records;

import java.io.IOException;
import java.net.URI;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;

/**
 * Posts each batch as one message. A repetition is recognised by the receiver, who has seen its
 * sequence.
 */
final class PostSink implements RecordSink {
  private final URI target;
  private final ControlClient client;

  /** With a client that the caller closes, later. */
  PostSink(URI target, ControlClient client) {
    this.target = target;
    this.client = client;
  }

  @Override
  public String name() {
    return "post";
  }

  @Override
  public void write(ServeRecords batch) throws IOException {
    client.post(target, batch);
  }

  /** Nothing is kept here that could grow old. */
  @Override
  public void tick() {}

  /** Nothing is open between two posts. */
  @Override
  public void close() {}
}
