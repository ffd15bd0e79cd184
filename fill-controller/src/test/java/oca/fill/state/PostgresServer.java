package oca.fill.state;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One server for all classes that ask for it, named by a system property while one runs. */
final class PostgresServer implements BeforeAllCallback, AfterAllCallback {
  private static final Namespace SHARED = Namespace.create(PostgresServer.class);

  /** Closed with the run. */
  private record Running(EmbeddedPostgres server) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      server.close();
    }

    String url() {
      return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres";
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Running running =
        context
            .getRoot()
            .getStore(SHARED)
            .getOrComputeIfAbsent(Running.class, _ -> start(), Running.class);
    System.setProperty(Stores.JDBC_URL, running.url());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    System.clearProperty(Stores.JDBC_URL);
  }

  private static Running start() {
    try {
      return new Running(
          EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
