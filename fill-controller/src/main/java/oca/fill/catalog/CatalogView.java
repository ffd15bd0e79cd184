package oca.fill.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import oca.model.ContentId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import org.jspecify.annotations.Nullable;

/** One catalogue, indexed. Immutable. */
public final class CatalogView {
  /** No files, version empty: what is in force before the first catalogue. */
  public static final CatalogView EMPTY = new CatalogView(new Catalog("", List.of()));

  private final Catalog catalog;
  private final Map<ContentId, CatalogEntry> byId = new HashMap<>();
  private final Map<String, List<CatalogEntry>> byTitle = new TreeMap<>();
  private final Set<String> blockLists;
  private final long bytes;

  CatalogView(Catalog catalog) {
    this.catalog = catalog;
    long sum = 0;
    for (CatalogEntry file : catalog.files()) {
      byId.put(file.id(), file);
      byTitle.computeIfAbsent(file.title(), _ -> new ArrayList<>()).add(file);
      sum += file.length();
    }
    this.blockLists = catalog.blockListPaths();
    byTitle.replaceAll((_, files) -> List.copyOf(files));
    this.bytes = sum;
  }

  /** As the publisher names it; empty before the first. */
  public String version() {
    return catalog.version();
  }

  /** How many files. */
  public int files() {
    return catalog.files().size();
  }

  /** The sum of all lengths. */
  public long bytes() {
    return bytes;
  }

  /** Whether the file is offered. */
  public boolean knows(ContentId file) {
    return byId.containsKey(file);
  }

  /** The file, or null when it is not offered. */
  public @Nullable CatalogEntry file(ContentId file) {
    return byId.get(file);
  }

  /** Whether the file is only there to prove the blocks of another: no viewer asks for it. */
  public boolean isBlockList(CatalogEntry file) {
    return blockLists.contains(file.path());
  }

  /** Titles in alphabetical order, each with its files in the order of the catalogue. */
  public Map<String, List<CatalogEntry>> titles() {
    return Collections.unmodifiableMap(byTitle);
  }

  /** The title to which the file published under {@code path} belongs. */
  public Optional<String> titleOf(String path) {
    return Optional.ofNullable(byId.get(ContentId.ofPath(path))).map(CatalogEntry::title);
  }

  Catalog catalog() {
    return catalog;
  }
}
