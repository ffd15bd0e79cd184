package oca.fill.publish;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import oca.fill.state.StateStore;
import oca.fill.state.Upsert;
import oca.model.ApplianceId;
import oca.protocol.FillManifest;
import oca.protocol.Wire;

/**
 * The newest manifest of each appliance, kept across restarts.
 *
 * <p>Versions count from 1 per appliance, grow with each change of content and with nothing else:
 * an appliance that sees its version again has nothing to do. The entry order is content.
 */
public final class ManifestBook {
  private final StateStore store;
  private final int versions;
  private final Map<ApplianceId, Told> newest = new ConcurrentHashMap<>();
  private volatile Consumer<Collection<FillManifest>> published = _ -> {};

  /** Takes up what was published before; tells changes from one version before. */
  public ManifestBook(StateStore store) throws IOException {
    this(store, 1);
  }

  /**
   * Takes up what was published before.
   *
   * @param versions of each manifest from which what changed can be told; not over a restart
   */
  public ManifestBook(StateStore store, int versions) throws IOException {
    this.store = store;
    this.versions = versions;
    List<byte[]> kept =
        store.read(
            connection -> {
              List<byte[]> rows = new ArrayList<>();
              try (Statement select = connection.createStatement();
                  ResultSet found = select.executeQuery("SELECT json FROM manifest")) {
                while (found.next()) {
                  rows.add(found.getBytes(1));
                }
              }
              return rows;
            });
    for (byte[] json : kept) {
      FillManifest manifest = Wire.read(json, FillManifest.class);
      newest.put(manifest.appliance(), Told.first(manifest, json));
    }
  }

  /**
   * Publishes drafts of what is in force already, all or none; their own versions are ignored. Who
   * takes publications is shown those that differ, and nothing when none does.
   *
   * @return how many differ from what was published before
   * @throws IOException when they could not be kept; the old ones stay
   */
  public int publish(Collection<FillManifest> drafts) throws IOException {
    Map<ApplianceId, Told> changed = enter(drafts, _ -> true);
    if (!changed.isEmpty()) {
      published.accept(changed.values().stream().map(Told::manifest).toList());
    }
    return changed.size();
  }

  /** Publishes drafts of a new plan, together with {@code also} in one transaction. */
  public int publish(Collection<FillManifest> drafts, StateStore.Work<?> also) throws IOException {
    int changed = enter(drafts, also).size();
    published.accept(drafts);
    return changed;
  }

  private Map<ApplianceId, Told> enter(Collection<FillManifest> drafts, StateStore.Work<?> also)
      throws IOException {
    Map<ApplianceId, Told> changed = new HashMap<>();
    for (FillManifest draft : drafts) {
      Told before = newest.get(draft.appliance());
      long version = before == null ? 0 : before.manifest().version();
      if (before == null || !withVersion(draft, version).equals(before.manifest())) {
        FillManifest next = withVersion(draft, version + 1);
        Told told =
            before == null ? Told.first(next, Wire.write(next)) : before.next(next, versions);
        changed.put(next.appliance(), told);
      }
    }
    keep(changed.values(), also);
    newest.putAll(changed);
    return changed;
  }

  /**
   * Has the drafts of each plan shown to {@code taker}, changed or not, and later changes of what
   * is in force; must not block.
   */
  public void onPublish(Consumer<Collection<FillManifest>> taker) {
    published = taker;
  }

  /** The newest manifest of {@code appliance}. */
  public Optional<FillManifest> manifest(ApplianceId appliance) {
    return told(appliance).map(Told::manifest);
  }

  /** All newest manifests, in no order. */
  public List<FillManifest> manifests() {
    return newest.values().stream().map(Told::manifest).toList();
  }

  Optional<Told> told(ApplianceId appliance) {
    return Optional.ofNullable(newest.get(appliance));
  }

  private void keep(Collection<Told> changed, StateStore.Work<?> also) throws IOException {
    store.write(
        connection -> {
          also.run(connection);
          if (changed.isEmpty()) {
            return 0;
          }
          try (Upsert manifests =
              Upsert.set(
                  connection, "manifest", List.of("version", "json"), List.of("appliance"))) {
            manifests.putAll(changed.stream().map(ManifestBook::row).toList());
          }
          return changed.size();
        });
  }

  private static Upsert.Row row(Told next) {
    return row -> {
      row.setLong(1, next.manifest().version());
      row.setBytes(2, next.json());
      row.setString(3, next.manifest().appliance().value());
    };
  }

  private static FillManifest withVersion(FillManifest draft, long version) {
    return new FillManifest(
        draft.appliance(),
        version,
        draft.window(),
        draft.bytesPerSecond(),
        draft.outsideBytesPerSecond(),
        draft.entries());
  }
}
