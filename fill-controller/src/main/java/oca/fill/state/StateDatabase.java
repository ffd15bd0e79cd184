package oca.fill.state;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where the rows are, and all that differs between those places but the words of {@link Upsert}.
 * Used by the store's thread, but for {@link #open}.
 */
sealed interface StateDatabase permits H2Database, PostgresDatabase {
  /** Which it is, for people: a file, or a database and a schema. */
  String place();

  /** The first connection, with this release's tables, to be written by nobody else. */
  Connection open() throws IOException;

  /** Whether a connection may be lost and had again: it leads to another process. */
  boolean isRemote();

  /** The number of the newest group of works that is in the database; after each connection. */
  long group();

  /**
   * Has a connection in place of a lost one, by one try.
   *
   * @throws TakenOverException when somebody else wrote meanwhile
   * @throws SQLException when it cannot be had now
   */
  Connection again() throws SQLException, TakenOverException;

  /**
   * Notes the number of a group of works, as the last part of its transaction.
   *
   * @throws TakenOverException when somebody else wrote meanwhile
   */
  void mark(Connection connection, long group) throws SQLException, TakenOverException;

  /** Commits; on disk when it returns. */
  void commit(Connection connection) throws SQLException;

  /** Looks whether the connection is alive and still the only one that writes. */
  void check(Connection connection) throws SQLException, TakenOverException;
}
