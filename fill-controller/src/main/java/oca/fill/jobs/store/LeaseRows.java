package oca.fill.jobs.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.fill.jobs.Lease;
import oca.fill.jobs.Look;

/** The statements about leases. A controller's own row has a slot below 0, made of its name. */
final class LeaseRows {
  static final String NOW = "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)";

  /** How long the row of a controller that has gone is kept. */
  private static final long GONE_MILLIS = 60_000;

  private LeaseRows() {}

  static void join(Connection connection, String owner, String address, long millis)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM fill_lease WHERE slot < 0 AND (until_ms < " + NOW + " - ? OR slot = ?)")) {
      delete.setLong(1, GONE_MILLIS);
      delete.setInt(2, row(owner));
      delete.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fill_lease (slot, owner, address, generation, until_ms)"
                + " VALUES (?, ?, ?, 0, "
                + NOW
                + " + ?)")) {
      insert.setInt(1, row(owner));
      insert.setString(2, owner);
      insert.setString(3, address);
      insert.setLong(4, millis);
      insert.executeUpdate();
    }
  }

  /** Renews and takes; how many rows are the owner's now, its own among them. */
  static int beat(Connection connection, String owner, String address, long millis, int room)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fill_lease SET"
                + " generation = CASE WHEN owner = ? THEN generation ELSE "
                + "GREATEST(generation + 1, "
                + NOW
                + " / 1000) END,"
                + " owner = ?, address = ?, until_ms = "
                + NOW
                + " + ? WHERE owner = ? OR (slot >= 0 AND ((owner <> '' AND until_ms < "
                + NOW
                + ") OR (owner = '' AND slot IN (SELECT slot FROM fill_lease"
                + " WHERE slot >= 0 AND owner = '' ORDER BY slot LIMIT ?))))")) {
      update.setString(1, owner);
      update.setString(2, owner);
      update.setString(3, address);
      update.setLong(4, millis);
      update.setString(5, owner);
      update.setInt(6, room);
      return update.executeUpdate();
    }
  }

  /** What the owner holds, its own row left out. */
  static List<Lease> of(Connection connection, String owner) throws SQLException {
    List<Lease> leases = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT slot, generation FROM fill_lease WHERE owner = ? AND slot >= 0"
                + " ORDER BY slot")) {
      select.setString(1, owner);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          leases.add(new Lease(rows.getInt(1), rows.getLong(2)));
        }
      }
    }
    return leases;
  }

  static boolean isKnown(Connection connection, String owner) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT 1 FROM fill_lease WHERE slot = ?")) {
      select.setInt(1, row(owner));
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  static void release(Connection connection, String owner, Collection<Integer> slots)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fill_lease SET owner = '', address = '', until_ms = 0"
                + " WHERE slot = ? AND owner = ?")) {
      for (int slot : slots) {
        update.setInt(1, slot);
        update.setString(2, owner);
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /**
   * The fence: true when the lease is the newest of its slot, which then cannot change hands before
   * this transaction ends.
   */
  static boolean hold(Connection connection, Lease lease) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fill_lease SET until_ms = until_ms"
                + " WHERE slot = ? AND generation = ? AND owner <> ''")) {
      update.setInt(1, lease.slot());
      update.setLong(2, lease.generation());
      return update.executeUpdate() == 1;
    }
  }

  static Look look(Connection connection) throws SQLException {
    Map<String, List<Lease>> live = new TreeMap<>();
    Map<String, String> addresses = new TreeMap<>();
    long plan = 0;
    try (Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery(
                "SELECT slot, owner, address, generation, (SELECT MAX(version) FROM fill_plan)"
                    + " FROM fill_lease WHERE slot = 0 OR (owner <> '' AND until_ms >= "
                    + NOW
                    + ") ORDER BY slot")) {
      while (rows.next()) {
        plan = rows.getLong(5);
        String owner = rows.getString(2);
        // Slot 0 comes in any case, for the plan; when nobody has it, it says nothing more.
        if (!owner.isEmpty() && (rows.getInt(1) != 0 || isLive(live, owner))) {
          addresses.put(owner, rows.getString(3));
          List<Lease> leases = live.computeIfAbsent(owner, _ -> new ArrayList<>());
          if (rows.getInt(1) >= 0) {
            leases.add(new Lease(rows.getInt(1), rows.getLong(4)));
          }
        }
      }
    }
    List<Look.Tenant> tenants = new ArrayList<>();
    live.forEach(
        (owner, leases) ->
            tenants.add(new Look.Tenant(owner, addresses.getOrDefault(owner, ""), leases)));
    return new Look(plan, tenants);
  }

  /** Rows of controllers come before slot 0, and are renewed with it. */
  private static boolean isLive(Map<String, List<Lease>> live, String owner) {
    return live.containsKey(owner);
  }

  private static int row(String owner) {
    return -1 - (owner.hashCode() & 0x3fff_ffff);
  }
}
