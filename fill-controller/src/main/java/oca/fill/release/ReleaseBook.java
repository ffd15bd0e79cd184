package oca.fill.release;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import oca.fill.state.StateStore;
import oca.protocol.Wire;

/**
 * What was announced, kept in the controller's database. A change is durable when it returns, and
 * whole: a list of which one entry is refused leaves all as it was. Safe on any thread.
 */
public final class ReleaseBook {
  private static final String DOCUMENT = "releases";

  /**
   * All of it.
   *
   * @param version grows with each change
   * @param releases in the order in which they were announced
   */
  public record Content(long version, List<Announcement> releases) {
    public Content {
      releases = List.copyOf(releases);
    }
  }

  private final StateStore store;
  private final ReleasesConfig limits;
  private volatile Content content;

  /**
   * Takes up what was kept.
   *
   * @throws IOException when the database failed
   */
  public ReleaseBook(StateStore store, ReleasesConfig limits) throws IOException {
    this.store = store;
    this.limits = limits;
    Optional<byte[]> kept = store.document(DOCUMENT);
    content = kept.isEmpty() ? new Content(0, List.of()) : Wire.read(kept.get(), Content.class);
  }

  /** What is announced. */
  public Content content() {
    return content;
  }

  /** The announcement of a title. */
  Optional<Announcement> find(String title) {
    return content.releases().stream().filter(it -> it.title().equals(title)).findFirst();
  }

  /**
   * Puts a list in place of all.
   *
   * @return what is wrong with it; nothing when it is in force
   * @throws IOException when it could not be kept; what was before stays in force
   */
  synchronized List<String> replace(Collection<Announcement> all) throws IOException {
    List<String> problems = AnnouncementRules.problems(all, limits);
    if (problems.isEmpty()) {
      keep(List.copyOf(all));
    }
    return problems;
  }

  /** Announces a title anew or otherwise; as {@link #replace}. */
  synchronized List<String> put(Announcement announcement) throws IOException {
    // On its own first, so that what is wrong with it is named as the only entry of the request.
    List<String> problems = AnnouncementRules.problems(List.of(announcement), limits);
    if (!problems.isEmpty()) {
      return problems;
    }
    List<Announcement> next = new ArrayList<>(content.releases());
    next.removeIf(it -> it.title().equals(announcement.title()));
    next.add(announcement);
    return replace(next);
  }

  /** Takes an announcement back; false when there was none. */
  synchronized boolean remove(String title) throws IOException {
    List<Announcement> next = new ArrayList<>(content.releases());
    boolean removed = next.removeIf(it -> it.title().equals(title));
    if (removed) {
      keep(next);
    }
    return removed;
  }

  private void keep(List<Announcement> releases) throws IOException {
    Content next = new Content(content.version() + 1, releases);
    store.write(
        connection -> {
          StateStore.keep(connection, DOCUMENT, Wire.write(next));
          return true;
        });
    content = next;
  }
}
