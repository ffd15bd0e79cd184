package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import oca.fill.jobs.EngineSettings;
import oca.fill.jobs.EngineStatus;
import oca.fill.jobs.FillEngine;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import oca.model.Endpoint;
import oca.protocol.http.ControlCredentials;
import oca.protocol.http.ControlListener;

/** A controller's engine behind its own routes, without plans: what the benchmark of jobs asks. */
public final class JobService implements AutoCloseable {
  private final JdbcJobStore store;
  private final ControlListener listener;
  private final FillEngine engine;
  private final EngineLoop loop;

  /** Starts on a free port of loopback, over the book that is there. */
  public JobService(ConnectionSource source) throws IOException {
    JobsConfig config =
        new JobsConfig(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ControlCredentials.NONE,
            5,
            2_000_000,
            128,
            Duration.ofSeconds(25),
            Duration.ofSeconds(10));
    store = JdbcJobStore.open(source);
    listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    String address = "http://" + listener.endpoint();
    Polls polls = new Polls(config.polls());
    engine =
        new FillEngine(
            address + " " + System.nanoTime(),
            address,
            EngineSettings.DEFAULT,
            store,
            polls,
            _ -> true,
            System::nanoTime);
    new JobDesk(config, engine, polls).routes(listener);
    loop = new EngineLoop(engine);
    store.onChange(loop::changed);
    loop.start();
    listener.start();
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  /** The engine's figures; waits while it works. */
  public EngineStatus status() {
    return engine.status();
  }

  @Override
  public void close() {
    listener.close();
    loop.close();
    store.close();
  }
}
