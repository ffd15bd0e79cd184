package oca.steering.registry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.Order;
import org.jspecify.annotations.Nullable;

/**
 * The registry in a database: two tables in words that H2 and PostgreSQL share.
 *
 * <pre>
 *   appliance   id | site | endpoint | registered | standing (none, drain, retired) | note
 *   change_log  number | at | what | appliance | who | why          append only
 * </pre>
 *
 * <p>A change and the entry that it made are one transaction, the change first: of two services
 * that share a database and take the same number, one fails with nothing changed, reads again and
 * takes the next. One thread at a time; each failure is an {@link SQLException}, after which the
 * connection is to be given up.
 */
final class RegistryDatabase implements AutoCloseable {
  /** Something to write: the change, and the entry as it is after it. */
  record Line(Change change, @Nullable Entry entry) {}

  private final Connection connection;
  private final boolean syncs;

  private RegistryDatabase(Connection connection, boolean syncs) {
    this.connection = connection;
    this.syncs = syncs;
  }

  /** Opens a connection and brings its tables to the layout that this release knows. */
  static RegistryDatabase open(ConnectionSource source) throws SQLException {
    Connection connection = source.connect();
    try {
      connection.setAutoCommit(false);
      Migrations.run(connection);
      return new RegistryDatabase(
          connection, connection.getMetaData().getDatabaseProductName().equals("H2"));
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** All appliances and the newest changes. */
  Book load(int changes) throws SQLException {
    TreeMap<ApplianceId, Entry> entries = new TreeMap<>();
    try (Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery(
                "SELECT id, site, endpoint, registered, standing, note FROM appliance")) {
      while (rows.next()) {
        Entry entry = entry(rows);
        entries.put(entry.id(), entry);
      }
    }
    List<Change> log = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT number, at, what, appliance, who, why FROM change_log"
                + " ORDER BY number DESC LIMIT ?")) {
      select.setInt(1, changes);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          log.add(change(rows));
        }
      }
    }
    connection.rollback();
    Collections.reverse(log);
    return new Book(entries, log, log.isEmpty() ? 0 : log.getLast().number());
  }

  /** Number of the newest change; 0 before the first. */
  long last() throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT MAX(number) FROM change_log")) {
      long last = rows.next() ? rows.getLong(1) : 0;
      connection.rollback();
      return last;
    }
  }

  /** Writes all of them or none; on disk when this returns. */
  void append(List<Line> lines) throws SQLException {
    for (Line line : lines) {
      insert(line.change());
      if (line.entry() != null) {
        put(line.entry());
      }
    }
    connection.commit();
    if (syncs) {
      // H2 returns from a commit before the file is synced; PostgreSQL does not.
      try (Statement sync = connection.createStatement()) {
        sync.execute("CHECKPOINT SYNC");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void insert(Change change) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO change_log (number, at, what, appliance, who, why)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      insert.setLong(1, change.number());
      insert.setObject(2, change.at().atOffset(ZoneOffset.UTC));
      insert.setString(3, change.what().label());
      text(insert, 4, change.appliance());
      insert.setString(5, change.who());
      insert.setString(6, change.why());
      insert.executeUpdate();
    }
  }

  private void put(Entry entry) throws SQLException {
    if (write(
            "UPDATE appliance SET site = ?, endpoint = ?, registered = ?, standing = ?, note = ?"
                + " WHERE id = ?",
            entry)
        == 0) {
      write(
          "INSERT INTO appliance (site, endpoint, registered, standing, note, id)"
              + " VALUES (?, ?, ?, ?, ?, ?)",
          entry);
    }
  }

  private int write(String sql, Entry entry) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      text(statement, 1, entry.site());
      text(statement, 2, entry.endpoint());
      Instant registered = entry.registered();
      if (registered == null) {
        statement.setNull(3, Types.TIMESTAMP_WITH_TIMEZONE);
      } else {
        statement.setObject(3, registered.atOffset(ZoneOffset.UTC));
      }
      statement.setString(4, entry.order().label());
      statement.setString(5, entry.note());
      statement.setString(6, entry.id().value());
      return statement.executeUpdate();
    }
  }

  private static void text(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setNull(at, Types.VARCHAR);
    } else {
      statement.setString(at, value.toString());
    }
  }

  private static Entry entry(ResultSet rows) throws SQLException {
    try {
      String site = rows.getString(2);
      String endpoint = rows.getString(3);
      OffsetDateTime registered = rows.getObject(4, OffsetDateTime.class);
      return new Entry(
          new ApplianceId(rows.getString(1)),
          site == null ? null : new SiteId(site),
          endpoint == null ? null : Endpoint.parse(endpoint),
          registered == null ? null : registered.toInstant(),
          Order.of(rows.getString(5)),
          rows.getString(6));
    } catch (IllegalArgumentException e) {
      throw new SQLException("the table appliance has a row of another hand: " + e.getMessage(), e);
    }
  }

  private static Change change(ResultSet rows) throws SQLException {
    try {
      String appliance = rows.getString(4);
      return new Change(
          rows.getLong(1),
          rows.getObject(2, OffsetDateTime.class).toInstant(),
          What.of(rows.getString(3)),
          appliance == null ? null : new ApplianceId(appliance),
          rows.getString(5),
          rows.getString(6));
    } catch (IllegalArgumentException e) {
      throw new SQLException(
          "the table change_log has a row of another hand: " + e.getMessage(), e);
    }
  }
}
