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

  /** Paths are kept as one text, without the folder that they share: millions fit into memory. */
  private record Title(List<ContentId> ids, String folder, String names) {}

  private final String version;
  private final Map<String, Title> byName = new HashMap<>();
  private final Map<ContentId, String> titleByFile = new HashMap<>();

  /** The titles of that catalogue. */
  public Titles(Catalog catalog) {
    version = catalog.version();
    Map<String, List<CatalogEntry>> entries = new HashMap<>();
    Set<String> blockLists = catalog.blockListPaths();
    for (CatalogEntry entry : catalog.files()) {
      if (!blockLists.contains(entry.path())
          && titleByFile.putIfAbsent(entry.id(), entry.title()) == null) {
        entries.computeIfAbsent(entry.title(), _ -> new ArrayList<>()).add(entry);
      }
    }
    entries.forEach((name, files) -> byName.put(name, title(files)));
  }

  private static Title title(List<CatalogEntry> files) {
    String folder = parent(files.getFirst().path());
    for (CatalogEntry file : files) {
      while (!file.path().startsWith(folder)) {
        folder = parent(folder);
      }
    }
    StringBuilder names = new StringBuilder();
    for (CatalogEntry file : files) {
      names.append(file.path(), folder.length(), file.path().length()).append('\n');
    }
    return new Title(
        files.stream().map(CatalogEntry::id).toList(), folder, names.toString().stripTrailing());
  }

  /** The folder around a file, or a folder with a slash at its end; empty at the top. */
  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
  }

  /** As the publisher names it; empty before any catalogue. */
  public String version() {
    return version;
  }

  /** All files of the title that viewers ask for, each once; empty when there is no such title. */
  public List<ContentId> files(String title) {
    Title known = byName.get(title);
    return known == null ? List.of() : known.ids();
  }

  /** Where those files are published, in the same order. */
  public List<String> paths(String title) {
    Title known = byName.get(title);
    return known == null
        ? List.of()
        : known.names().lines().map(name -> known.folder() + name).toList();
  }

  /**
   * The folder that holds all files of the title, without a slash at its end; empty when they share
   * none, or there is no such title.
   */
  public String folder(String title) {
    Title known = byName.get(title);
    return known == null || known.folder().isEmpty()
        ? ""
        : known.folder().substring(0, known.folder().length() - 1);
  }

  /** The title that the file belongs to; null when the catalogue does not list it. */
  public @Nullable String titleOf(ContentId file) {
    return titleByFile.get(file);
  }

  /** The number of titles. */
  public int count() {
    return byName.size();
  }
}
