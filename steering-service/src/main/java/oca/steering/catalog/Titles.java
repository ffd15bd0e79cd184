package oca.steering.catalog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.model.ContentId;
import oca.protocol.Catalog;
import oca.protocol.CatalogDelta;
import oca.protocol.CatalogDigest;
import oca.protocol.CatalogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Titles and their files in one version of the catalogue. Immutable; safe on any thread: whoever
 * reads one object reads one version.
 *
 * <p>Block lists are left out: no viewer asks for one, and an appliance that has lost one still
 * serves its title. They count in the digest, as all that the publisher says of a title does.
 */
public final class Titles {
  /** Before any catalogue: no titles, and the empty version. */
  public static final Titles NONE = new Titles(new Catalog("", List.of()));

  /**
   * Paths are kept as one text, without the folder that they share: millions fit into memory.
   *
   * @param digest of all that the publisher says of the title
   */
  private record Title(List<ContentId> ids, String folder, String names, CatalogDigest digest) {
    List<String> paths() {
      return names.lines().map(name -> folder + name).toList();
    }
  }

  /** What is to be kept of a title. */
  record Listed(List<String> paths, CatalogDigest digest) {}

  private final String version;
  private final Map<String, Title> byName;
  private final Map<ContentId, String> titleByFile;
  private final CatalogDigest digest;

  /** The titles of that catalogue. */
  public Titles(Catalog catalog) {
    version = catalog.version();
    byName = new HashMap<>();
    titleByFile = new HashMap<>();
    digest = put(catalog.files(), catalog.blockListPaths());
  }

  /** Titles that were written down. */
  Titles(String version, Map<String, Listed> titles) {
    this.version = version;
    byName = HashMap.newHashMap(titles.size());
    titleByFile = new HashMap<>();
    CatalogDigest sum = CatalogDigest.EMPTY;
    for (Map.Entry<String, Listed> title : titles.entrySet()) {
      Listed listed = title.getValue();
      Title kept = title(listed.paths(), listed.digest());
      byName.put(title.getKey(), kept);
      kept.ids().forEach(id -> titleByFile.putIfAbsent(id, title.getKey()));
      sum = sum.plus(listed.digest());
    }
    digest = sum;
  }

  private Titles(Titles before, CatalogDelta delta) {
    version = delta.version();
    byName = new HashMap<>(before.byName);
    titleByFile = new HashMap<>(before.titleByFile);
    Set<String> gone = new HashSet<>(delta.removed());
    delta.files().forEach(file -> gone.add(file.title()));
    CatalogDigest sum = before.digest;
    for (String name : gone) {
      Title title = byName.remove(name);
      if (title != null) {
        title.ids().forEach(id -> titleByFile.remove(id, name));
        sum = sum.minus(title.digest());
      }
    }
    digest = sum.plus(put(delta.files(), delta.blockListPaths()));
  }

  /** Puts titles that are not there in; their digest. */
  private CatalogDigest put(List<CatalogEntry> files, Set<String> blockLists) {
    CatalogDigest sum = CatalogDigest.EMPTY;
    Map<String, List<CatalogEntry>> titles = CatalogDigest.byTitle(files);
    for (Map.Entry<String, List<CatalogEntry>> title : titles.entrySet()) {
      CatalogDigest one = CatalogDigest.ofTitle(title.getValue());
      sum = sum.plus(one);
      List<String> paths = new ArrayList<>();
      for (CatalogEntry file : title.getValue()) {
        if (!blockLists.contains(file.path())
            && titleByFile.putIfAbsent(file.id(), title.getKey()) == null) {
          paths.add(file.path());
        }
      }
      byName.put(title.getKey(), title(paths, one));
    }
    return sum;
  }

  private static Title title(List<String> paths, CatalogDigest digest) {
    String folder = paths.isEmpty() ? "" : parent(paths.getFirst());
    for (String path : paths) {
      while (!path.startsWith(folder)) {
        folder = parent(folder);
      }
    }
    StringBuilder names = new StringBuilder();
    List<ContentId> ids = new ArrayList<>(paths.size());
    for (String path : paths) {
      names.append(path, folder.length(), path.length()).append('\n');
      ids.add(ContentId.ofPath(path));
    }
    return new Title(List.copyOf(ids), folder, names.toString().stripTrailing(), digest);
  }

  /** The folder around a file, or a folder with a slash at its end; empty at the top. */
  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
  }

  /**
   * The titles that the delta makes of these, in a new object: these stay as they are.
   *
   * @throws IOException when it is for another catalogue, or what comes of it is not what was
   *     published
   */
  public Titles with(CatalogDelta delta) throws IOException {
    if (!delta.from().equals(digest)) {
      throw new IOException("a delta from " + delta.from() + " where " + digest + " is at hand");
    }
    Titles next = new Titles(this, delta);
    if (!next.digest.equals(delta.digest())) {
      throw new IOException(
          "what comes of a delta is " + next.digest + ", published is " + delta.digest());
    }
    return next;
  }

  /** As the publisher names it; empty before any catalogue. */
  public String version() {
    return version;
  }

  /** Of all that the publisher says of these titles. */
  public CatalogDigest digest() {
    return digest;
  }

  /** All files of the title that viewers ask for, each once; empty when there is no such title. */
  public List<ContentId> files(String title) {
    Title known = byName.get(title);
    return known == null ? List.of() : known.ids();
  }

  /** Where those files are published, in the same order. */
  public List<String> paths(String title) {
    Title known = byName.get(title);
    return known == null ? List.of() : known.paths();
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

  /** The number of files that viewers ask for. */
  public int files() {
    return titleByFile.size();
  }

  Set<String> names() {
    return byName.keySet();
  }

  CatalogDigest digest(String name) {
    Title known = byName.get(name);
    return known == null ? CatalogDigest.EMPTY : known.digest();
  }
}
