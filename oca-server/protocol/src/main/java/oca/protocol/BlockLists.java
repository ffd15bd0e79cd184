package oca.protocol;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between files and their block lists wherever both are told together. */
final class BlockLists {
  private BlockLists() {}

  /** The paths that are block lists of other files. */
  static Set<String> paths(List<CatalogEntry> files) {
    Set<String> paths = new HashSet<>();
    for (CatalogEntry file : files) {
      BlockList blocks = file.blocks();
      if (blocks != null) {
        paths.add(blocks.path());
      }
    }
    return paths;
  }

  /**
   * Checks that each list named is there, in its file's title, as long as it must be, and has no
   * list itself.
   *
   * @param where as a message calls the place, such as {@code the catalogue}
   * @throws IllegalArgumentException naming the file and the remedy
   */
  static void check(List<CatalogEntry> files, String where) {
    Set<String> paths = paths(files);
    if (paths.isEmpty()) {
      return;
    }
    Map<String, CatalogEntry> lists = new HashMap<>();
    for (CatalogEntry file : files) {
      if (paths.contains(file.path())) {
        lists.putIfAbsent(file.path(), file);
      }
    }
    for (CatalogEntry file : files) {
      BlockList blocks = file.blocks();
      if (blocks != null) {
        check(file, blocks, lists.get(blocks.path()), where);
      }
    }
  }

  private static void check(
      CatalogEntry file, BlockList blocks, @Nullable CatalogEntry list, String where) {
    String named = file.path() + " names the block list " + blocks.path();
    if (list == null) {
      throw new IllegalArgumentException(
          named + ", which " + where + " does not list; list it, or leave blocks out");
    }
    if (!list.title().equals(file.title())) {
      throw new IllegalArgumentException(
          named
              + " of the title "
              + list.title()
              + "; a list belongs to its file's title, here "
              + file.title());
    }
    if (list.blocks() != null) {
      throw new IllegalArgumentException(
          named + ", which names one itself; leave blocks out of the list's entry");
    }
    long expected = blocks.lengthFor(file.length());
    if (list.length() != expected) {
      throw new IllegalArgumentException(
          named
              + " of "
              + list.length()
              + " bytes where "
              + file.length()
              + " bytes in blocks of "
              + blocks.size()
              + " need "
              + expected
              + "; publish both anew");
    }
  }
}
