package oca.protocol.records;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;

class PostSinkTest extends RecordSinkContract {
  private final MemorySink seen = new MemorySink("seen");
  private final ControlListener target;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(5));
  private final PostSink<ServeRecord> sink;

  PostSinkTest() throws IOException {
    target = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    target.route("POST", "/v1/serve-records", this::take).start();
    sink = new PostSink<>(SERVE, target.endpoint().http("v1/serve-records"), client);
  }

  @AfterEach
  void stop() {
    client.close();
    target.close();
  }

  @Override
  RecordSink<ServeRecord> sink() {
    return sink;
  }

  @Override
  void refuse(boolean on) {
    seen.refuses = on;
  }

  @Override
  List<Long> arrived() {
    return seen.numbers();
  }

  private Response take(Request request) throws IOException {
    seen.write(batch(request));
    return Response.empty(204);
  }
}
