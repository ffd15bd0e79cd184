package oca.fill;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import oca.fill.jobs.EngineSettings;
import oca.fill.jobs.FillEngine;
import oca.fill.jobs.JobStore;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import oca.model.Endpoint;
import oca.protocol.http.ControlCredentials;
import oca.protocol.http.ControlListener;

/** A controller's engine in a process of its own: a port and a database, no plans. */
final class JobProcess {
  static final String VERSION = "ab".repeat(32);

  private JobProcess() {}

  public static void main(String[] args) throws Exception {
    JobsConfig config =
        new JobsConfig(
            Optional.of(args[1]),
            Optional.of("postgres"),
            Optional.empty(),
            Optional.empty(),
            ControlCredentials.NONE,
            5,
            100_000,
            64,
            Duration.ofMillis(500),
            Duration.ofSeconds(10));
    JobStore store =
        JdbcJobStore.open(
            ConnectionSource.postgres(args[1], Optional.of("postgres"), Optional.empty()));
    Polls polls = new Polls(64);
    FillEngine engine =
        new FillEngine(
            args[0] + " " + ProcessHandle.current().pid(),
            "http://" + args[0],
            EngineSettings.DEFAULT,
            store,
            polls,
            _ -> true,
            System::nanoTime);
    ControlListener listener =
        ControlListener.bind(Endpoint.parse(args[0]), ControlListener.Limits.DEFAULT);
    new JobDesk(config, engine, polls).routes(listener);
    EngineLoop loop = new EngineLoop(engine);
    store.onChange(loop::changed);
    loop.start();
    listener.start();
    System.out.println("up");
    new CountDownLatch(1).await();
  }
}
