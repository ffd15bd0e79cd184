package oca.fill.jobs.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** Where connections to the database of jobs come from. */
@FunctionalInterface
public interface ConnectionSource {
  /** A new connection, of which the caller disposes. May block for some seconds. */
  Connection connect() throws SQLException;

  /**
   * An H2 database in a file, for one process.
   *
   * @param file to whose name H2 adds {@code .mv.db}
   */
  static ConnectionSource h2(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    if (absolute.toString().indexOf(';') >= 0) {
      throw new IllegalArgumentException(
          "the database of jobs has a semicolon in its name: " + file);
    }
    String url =
        "jdbc:h2:file:" + absolute + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;LOCK_TIMEOUT=10000";
    return () -> {
      try {
        Path folder = absolute.getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
      } catch (IOException e) {
        throw new SQLException("no folder for " + absolute + ": " + e.getMessage(), e);
      }
      return DriverManager.getConnection(url, "sa", "");
    };
  }

  /**
   * A PostgreSQL database, which several controllers may share.
   *
   * @param url such as {@code jdbc:postgresql://db.example/fill}
   * @param passwordFile whose first line is the password; read at each connect
   */
  static ConnectionSource postgres(String url, Optional<String> user, Optional<Path> passwordFile) {
    return () -> {
      Properties properties = new Properties();
      user.ifPresent(name -> properties.setProperty("user", name));
      if (passwordFile.isPresent()) {
        properties.setProperty("password", firstLine(passwordFile.get()));
      }
      // Seconds.
      properties.setProperty("connectTimeout", "3");
      properties.setProperty("loginTimeout", "5");
      properties.setProperty("socketTimeout", "30");
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("ApplicationName", "oca-fill");
      properties.setProperty("reWriteBatchedInserts", "true");
      // A controller that stands still in a transaction would hold its locks against those who
      // take over: the database ends such a session, and no statement waits long for a lock.
      properties.setProperty(
          "options", "-c idle_in_transaction_session_timeout=1000 -c lock_timeout=900");
      return DriverManager.getConnection(url, properties);
    };
  }

  private static String firstLine(Path file) throws SQLException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new SQLException("jobs.passwordFile cannot be read: " + e.getMessage(), e);
    }
  }
}
