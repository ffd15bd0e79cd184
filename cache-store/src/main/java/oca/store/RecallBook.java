package oca.store;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import oca.store.disk.LocalDisk;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.VolumeIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Recalls that were ordered, and on which volumes each is done. An order is durable before anything
 * is done about it; on a volume that was away or in the midst of it, it is in force until the
 * volume was searched.
 *
 * <p>It is text in the index folder: {@code format 1}, and a line for each order: {@code recall
 * NUMBER SOURCE FROM TO UNCERTAIN SECOND WHO WHY READ FILES BLOCKS BYTES UNREAD VOLUMES}, with WHO
 * and WHY as in a form (percent-encoded) and VOLUMES the ids of those that are done, with commas
 * between them, or {@code -}. Safe on any thread.
 */
final class RecallBook {
  private static final String NAME = "recalls";
  private static final int FORMAT = 1;
  private static final int FIELDS = 15;

  private final Optional<Path> folder;
  private final List<Page> pages;

  /** What came of an order. */
  record Sums(long read, long files, long blocks, long bytes, long unread) {
    static final Sums NONE = new Sums(0, 0, 0, 0, 0);

    Sums plus(Sums more) {
      return new Sums(
          read + more.read,
          files + more.files,
          blocks + more.blocks,
          bytes + more.bytes,
          unread + more.unread);
    }
  }

  /**
   * One order.
   *
   * @param done ids of the volumes on which it is done
   */
  record Page(RecallOrder order, Sums sums, Set<UUID> done) {
    Page {
      done = Set.copyOf(done);
    }

    Page plus(Sums more, Set<UUID> volumes) {
      Set<UUID> all = new HashSet<>(done);
      all.addAll(volumes);
      return new Page(order, sums.plus(more), all);
    }
  }

  private RecallBook(Optional<Path> folder, List<Page> pages) {
    this.folder = folder;
    this.pages = new ArrayList<>(pages);
  }

  /** One that is forgotten with the process. */
  static RecallBook inMemory() {
    return new RecallBook(Optional.empty(), List.of());
  }

  /**
   * What the folder remembers.
   *
   * @throws StoreRefusedException when it cannot be understood: what was recalled must not come
   *     back because nobody could read of it
   */
  static RecallBook open(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return new RecallBook(Optional.of(folder), List.of());
    }
    List<String> lines = Files.readAllLines(file);
    try {
      int format = Integer.parseInt(lines.getFirst().substring("format ".length()));
      if (format > FORMAT) {
        throw StoreRefusedException.newer(
            file, format, FORMAT, "delete it, when no recall was cut short by a stop");
      }
      List<Page> pages = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        pages.add(parse(line));
      }
      return new RecallBook(Optional.of(folder), pages);
    } catch (RuntimeException e) {
      throw new StoreRefusedException(
          file
              + " cannot be understood: delete it, and order again the recalls that a stop cut"
              + " short");
    }
  }

  synchronized List<Page> pages() {
    return List.copyOf(pages);
  }

  /** The orders that are in force on a volume. */
  synchronized List<RecallOrder> open(UUID volume) {
    return pages.stream().filter(it -> !it.done.contains(volume)).map(Page::order).toList();
  }

  /**
   * Notes an order.
   *
   * @param most orders that are remembered; those that are done on all of {@code volumes} give way
   * @throws IllegalStateException when too many are not done
   */
  synchronized RecallOrder add(
      SourceQuery what, String who, String why, long second, int most, Set<UUID> volumes)
      throws IOException {
    List<Page> next = new ArrayList<>(pages);
    while (next.size() >= most) {
      @Nullable Page oldest =
          next.stream().filter(it -> it.done.containsAll(volumes)).findFirst().orElse(null);
      if (oldest == null) {
        throw new IllegalStateException(
            "%d recalls are not done on all volumes; bring those volumes back, or restart"
                .formatted(next.size()));
      }
      next.remove(oldest);
    }
    long number = pages.isEmpty() ? 1 : pages.getLast().order.number() + 1;
    RecallOrder order = new RecallOrder(number, what, who, why, second);
    next.add(new Page(order, Sums.NONE, Set.of()));
    replace(next);
    return order;
  }

  /** Notes what came of an order, and on which volumes it is done. */
  synchronized void note(long number, Sums more, Set<UUID> done) throws IOException {
    List<Page> next = new ArrayList<>(pages);
    next.replaceAll(it -> it.order.number() == number ? it.plus(more, done) : it);
    if (!next.equals(pages)) {
      replace(next);
    }
  }

  /** Written first: what is not on the disk did not happen. */
  private void replace(List<Page> next) throws IOException {
    if (folder.isPresent()) {
      StringBuilder text = new StringBuilder("format " + FORMAT + "\n");
      next.forEach(it -> text.append(line(it)).append('\n'));
      VolumeIdentity.writeText(new LocalDisk(), folder.get(), NAME, text.toString());
    }
    pages.clear();
    pages.addAll(next);
  }

  private static String line(Page page) {
    RecallOrder order = page.order;
    SourceQuery what = order.what();
    String volumes =
        page.done.stream().map(UUID::toString).sorted().collect(Collectors.joining(","));
    List<Object> fields =
        List.of(
            "recall",
            order.number(),
            what.source(),
            what.fromSecond(),
            what.toSecond(),
            what.uncertain(),
            order.second(),
            "=" + URLEncoder.encode(order.who(), StandardCharsets.UTF_8),
            "=" + URLEncoder.encode(order.why(), StandardCharsets.UTF_8),
            page.sums.read,
            page.sums.files,
            page.sums.blocks,
            page.sums.bytes,
            page.sums.unread,
            volumes.isEmpty() ? "-" : volumes);
    return fields.stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  private static Page parse(String line) {
    List<String> fields = Arrays.asList(line.split(" ", -1));
    if (fields.size() != FIELDS || !fields.getFirst().equals("recall")) {
      throw new IllegalArgumentException(line);
    }
    SourceQuery what =
        new SourceQuery(
            fields.get(2),
            Long.parseLong(fields.get(3)),
            Long.parseLong(fields.get(4)),
            Boolean.parseBoolean(fields.get(5)));
    RecallOrder order =
        new RecallOrder(
            Long.parseLong(fields.get(1)),
            what,
            words(fields.get(7)),
            words(fields.get(8)),
            Long.parseLong(fields.get(6)));
    Sums sums =
        new Sums(
            Long.parseLong(fields.get(9)),
            Long.parseLong(fields.get(10)),
            Long.parseLong(fields.get(11)),
            Long.parseLong(fields.get(12)),
            Long.parseLong(fields.get(13)));
    Set<UUID> done =
        fields.get(14).equals("-")
            ? Set.of()
            : Arrays.stream(fields.get(14).split(",", -1))
                .map(UUID::fromString)
                .collect(Collectors.toSet());
    return new Page(order, sums, done);
  }

  private static String words(String field) {
    return URLDecoder.decode(field.substring(1), StandardCharsets.UTF_8);
  }
}
