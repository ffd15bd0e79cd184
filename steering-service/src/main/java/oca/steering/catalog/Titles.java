package oca.steering.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.model.ContentId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Titles and their files in one version of the catalogue. Immutable; safe on any thread.
 *
 * <p>Block lists are left out: no viewer asks for one, and an appliance that has lost one still
 * serves its title.
 */
public final class Titles {
  /** Before any catalogue: no titles, and the empty version. */
  public static final Titles NONE = new Titles(new Catalog("", List.of()));

  private final String version;
  private final Map<String, List<ContentId>> filesByTitle = new HashMap<>();
  private final Map<ContentId, String> titleByFile = new HashMap<>();

  /** The titles of that catalogue. */
  public Titles(Catalog catalog) {
    version = catalog.version();
    Map<String, List<ContentId>> files = new HashMap<>();
    Set<String> blockLists = catalog.blockListPaths();
    for (CatalogEntry entry : catalog.files()) {
      ContentId id = entry.id();
      if (!blockLists.contains(entry.path())
          && titleByFile.putIfAbsent(id, entry.title()) == null) {
        files.computeIfAbsent(entry.title(), _ -> new ArrayList<>()).add(id);
      }
    }
    files.forEach((title, ids) -> filesByTitle.put(title, List.copyOf(ids)));
  }

  /** As the publisher names it; empty before any catalogue. */
  public String version() {
    return version;
  }

  /** All files of the title that viewers ask for, each once; empty when there is no such title. */
  public List<ContentId> files(String title) {
    return filesByTitle.getOrDefault(title, List.of());
  }

  /** The title that the file belongs to; null when the catalogue does not list it. */
  public @Nullable String titleOf(ContentId file) {
    return titleByFile.get(file);
  }

  /** The number of titles. */
  public int count() {
    return filesByTitle.size();
  }
}
