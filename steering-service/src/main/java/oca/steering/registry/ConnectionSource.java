package oca.steering.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;

/** Where connections to the registry's database come from. */
@FunctionalInterface
public interface ConnectionSource {
  /** A new connection, of which the caller disposes. May block for some seconds. */
  Connection connect() throws SQLException;

  /**
   * An H2 database in a file of this process alone.
   *
   * @param file to whose name H2 adds {@code .mv.db}
   */
  static ConnectionSource h2(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    if (absolute.toString().indexOf(';') >= 0) {
      throw new IllegalArgumentException("registry.file has a semicolon in its name: " + file);
    }
    String url = "jdbc:h2:file:" + absolute + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
    return () -> {
      try {
        Path folder = absolute.getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
      } catch (IOException e) {
        throw new SQLException("no folder for " + absolute + ": " + e.getMessage(), e);
      }
      Connection connection = DriverManager.getConnection(url, "sa", "");
      try (Statement alone = connection.createStatement()) {
        // The file is locked against other processes only; this keeps out a second user in ours.
        alone.execute("SET EXCLUSIVE 1");
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    };
  }

  /**
   * A PostgreSQL database.
   *
   * @param url such as {@code jdbc:postgresql://db.example/steering}
   * @param passwordFile whose first line is the password; read at each connect, so that it may be
   *     changed while the service runs
   */
  static ConnectionSource postgres(String url, Optional<String> user, Optional<Path> passwordFile) {
    return () -> {
      Properties properties = new Properties();
      user.ifPresent(name -> properties.setProperty("user", name));
      if (passwordFile.isPresent()) {
        properties.setProperty("password", firstLine(passwordFile.get()));
      }
      // Seconds. A database that hangs is one that is away; its sockets must not hold the writer.
      properties.setProperty("connectTimeout", "3");
      properties.setProperty("loginTimeout", "5");
      properties.setProperty("socketTimeout", "10");
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("ApplicationName", "oca-steering");
      return DriverManager.getConnection(url, properties);
    };
  }

  private static String firstLine(Path file) throws SQLException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new SQLException("registry.passwordFile cannot be read: " + e.getMessage(), e);
    }
  }
}
