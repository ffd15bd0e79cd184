package oca.fill.catalog;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.fill.state.StateStore;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;

/**
 * The catalogue in force, kept across restarts.
 *
 * <p>A path stands for the same bytes for ever (see {@code ContentId}), also after it was withdrawn
 * and listed again: appliances and players keep bytes by path and would never ask again. A
 * catalogue that breaks this is refused as a whole and the one before it stays in force.
 */
public final class CatalogBook {
  private static final String DOCUMENT = "catalog";

  private final StateStore store;
  private final int maxFiles;
  private volatile CatalogView view;

  /**
   * Takes up the catalogue that was last in force.
   *
   * @param maxFiles a catalogue of more files is refused
   */
  public CatalogBook(StateStore store, int maxFiles) throws IOException {
    this.store = store;
    this.maxFiles = maxFiles;
    Optional<byte[]> kept = store.document(DOCUMENT);
    this.view =
        kept.isPresent()
            ? new CatalogView(Wire.read(kept.get(), Catalog.class))
            : CatalogView.EMPTY;
  }

  /** The catalogue in force. */
  public CatalogView view() {
    return view;
  }

  /**
   * Puts a catalogue in force.
   *
   * @return false when it is the one that already is
   * @throws CatalogRefusedException when it must not be; the old one stays
   * @throws IOException when it could not be kept; the old one stays
   */
  public boolean accept(Catalog next) throws IOException {
    if (next.equals(view.catalog())) {
      return false;
    }
    if (next.files().size() > maxFiles) {
      throw new CatalogRefusedException(
          "the catalogue lists "
              + next.files().size()
              + " files and the limit is "
              + maxFiles
              + "; raise limits.catalogFiles");
    }
    Set<String> paths = new HashSet<>();
    for (CatalogEntry file : next.files()) {
      if (!paths.add(file.path())) {
        throw new CatalogRefusedException(
            "the catalogue lists " + file.path() + " twice; list each path once");
      }
    }
    Optional<String> changed =
        store.write(
            connection -> {
              Optional<String> culprit = publish(connection, next.files());
              if (culprit.isEmpty()) {
                StateStore.keep(connection, DOCUMENT, Wire.write(next));
              }
              return culprit;
            });
    if (changed.isPresent()) {
      throw new CatalogRefusedException(changed.get());
    }
    view = new CatalogView(next);
    return true;
  }

  /** Notes the new paths, all or none; the sentence against the first that changed its bytes. */
  private Optional<String> publish(Connection connection, List<CatalogEntry> files)
      throws SQLException {
    List<CatalogEntry> fresh = new ArrayList<>();
    CatalogView current = view;
    try (PreparedStatement select =
        connection.prepareStatement("SELECT length, sha256 FROM published WHERE path = ?")) {
      for (CatalogEntry file : files) {
        CatalogEntry known = current.file(file.id());
        if (known != null && sameBytes(file, known.length(), known.sha256())) {
          continue;
        }
        select.setString(1, file.path());
        try (ResultSet rows = select.executeQuery()) {
          if (!rows.next()) {
            fresh.add(file);
          } else if (!sameBytes(file, rows.getLong(1), rows.getString(2))) {
            return Optional.of(
                file.path()
                    + " was published with other bytes (length or sha256 differ); publish the"
                    + " changed file under a new path");
          }
        }
      }
    }
    insert(connection, fresh);
    return Optional.empty();
  }

  private static boolean sameBytes(CatalogEntry file, long length, String sha256) {
    return file.length() == length && file.sha256().equals(sha256);
  }

  private static void insert(Connection connection, List<CatalogEntry> files) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO published VALUES (?, ?, ?)")) {
      for (CatalogEntry file : files) {
        insert.setString(1, file.path());
        insert.setLong(2, file.length());
        insert.setString(3, file.sha256());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
