package oca.fill.publish;

import java.io.IOException;
import java.sql.PreparedStatement;
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
  /** A manifest with the bytes in which it is sent. */
  record Published(FillManifest manifest, byte[] json) {}

  private final StateStore store;
  private final Map<ApplianceId, Published> newest = new ConcurrentHashMap<>();
  private volatile Consumer<Collection<FillManifest>> published = _ -> {};

  /** Takes up what was published before. */
  public ManifestBook(StateStore store) throws IOException {
    this.store = store;
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
      newest.put(manifest.appliance(), new Published(manifest, json));
    }
  }

  /**
   * Publishes drafts, all or none; their own versions are ignored.
   *
   * @return how many differ from what was published before
   * @throws IOException when they could not be kept; the old ones stay
   */
  public int publish(Collection<FillManifest> drafts) throws IOException {
    return publish(drafts, _ -> true);
  }

  /** The same, together with {@code also} in one transaction. */
  public int publish(Collection<FillManifest> drafts, StateStore.Work<?> also) throws IOException {
    Map<ApplianceId, Published> changed = new HashMap<>();
    for (FillManifest draft : drafts) {
      Published before = newest.get(draft.appliance());
      long version = before == null ? 0 : before.manifest().version();
      if (before == null || !withVersion(draft, version).equals(before.manifest())) {
        FillManifest next = withVersion(draft, version + 1);
        changed.put(next.appliance(), new Published(next, Wire.write(next)));
      }
    }
    keep(changed.values(), also);
    newest.putAll(changed);
    published.accept(drafts);
    return changed.size();
  }

  /** Has the drafts of each publication shown to {@code taker}, changed or not; must not block. */
  public void onPublish(Consumer<Collection<FillManifest>> taker) {
    published = taker;
  }

  /** The newest manifest of {@code appliance}. */
  public Optional<FillManifest> manifest(ApplianceId appliance) {
    return published(appliance).map(Published::manifest);
  }

  /** All newest manifests, in no order. */
  public List<FillManifest> manifests() {
    return newest.values().stream().map(Published::manifest).toList();
  }

  Optional<Published> published(ApplianceId appliance) {
    return Optional.ofNullable(newest.get(appliance));
  }

  private void keep(Collection<Published> changed, StateStore.Work<?> also) throws IOException {
    store.write(
        connection -> {
          also.run(connection);
          if (changed.isEmpty()) {
            return 0;
          }
          try (PreparedStatement merge =
              connection.prepareStatement("MERGE INTO manifest KEY (appliance) VALUES (?, ?, ?)")) {
            for (Published next : changed) {
              merge.setString(1, next.manifest().appliance().value());
              merge.setLong(2, next.manifest().version());
              merge.setBytes(3, next.json());
              merge.addBatch();
            }
            return merge.executeBatch().length;
          }
        });
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
