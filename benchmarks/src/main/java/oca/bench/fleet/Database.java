package oca.bench.fleet;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL that is started for the run, with its own processes. */
final class Database implements AutoCloseable {
  private static final String USER = "postgres";

  private final EmbeddedPostgres server;
  private final Connection connection;
  private final Path password;
  private final long process;

  /** What it has done so far: transactions, rows read, rows written. */
  record Work(long transactions, long rowsRead, long rowsWritten) {
    Work since(Work before) {
      return new Work(
          transactions - before.transactions,
          rowsRead - before.rowsRead,
          rowsWritten - before.rowsWritten);
    }
  }

  private Database(EmbeddedPostgres server, Connection connection, Path password, long process) {
    this.server = server;
    this.connection = connection;
    this.password = password;
    this.process = process;
  }

  static Database start(Path folder) throws IOException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "50")
            .setDataDirectory(folder.resolve("postgres"))
            .setCleanDataDirectory(true)
            .start();
    try {
      Path password = folder.resolve("password");
      Files.writeString(password, USER + "\n");
      List<String> pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid"));
      return new Database(
          server,
          DriverManager.getConnection(url(server), USER, USER),
          password,
          Long.parseLong(pid.getFirst().strip()));
    } catch (IOException | SQLException e) {
      server.close();
      throw new IOException("no PostgreSQL: " + e.getMessage(), e);
    }
  }

  /** The keys by which configurations of the services name it. */
  String keys() {
    return "jdbcUrl: \"%s\", user: %s, passwordFile: \"%s\"".formatted(url(server), USER, password);
  }

  /** The postmaster and all its backends. */
  List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    pids.add(process);
    ProcessHandle.of(process)
        .ifPresent(it -> it.descendants().forEach(child -> pids.add(child.pid())));
    return pids;
  }

  Work work() throws IOException {
    try (Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery(
                "SELECT SUM(xact_commit), SUM(tup_fetched),"
                    + " SUM(tup_inserted + tup_updated + tup_deleted) FROM pg_stat_database")) {
      rows.next();
      return new Work(rows.getLong(1), rows.getLong(2), rows.getLong(3));
    } catch (SQLException e) {
      throw new IOException("PostgreSQL does not say what it did: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("a connection cannot be closed", e);
    } finally {
      server.close();
    }
  }

  private static String url(EmbeddedPostgres server) {
    return server.getJdbcUrl(USER, USER).replaceAll("\\?.*", "");
  }
}
