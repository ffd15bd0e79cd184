package oca.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oca.store.disk.ContentFile;
import oca.store.disk.FileOpener;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;

/** The steps of opening a store: volumes, index, and what is on them. */
final class StoreStart {

  private StoreStart() {}

  /** What was found on one volume. */
  record Found(List<ContentFile.Header> whole, List<ContentFile.Header> partial) {}

  /** Opens all volumes or none. */
  static List<Volume> volumes(StoreConfig config, FileOpener opener) throws StoreRefusedException {
    List<Volume> open = new ArrayList<>();
    boolean done = false;
    try {
      for (StoreConfig.VolumeConfig volume : config.volumes()) {
        open.add(
            Volume.open(
                new Volume.Settings(
                    volume.path(),
                    volume.capacityBytes(),
                    config.errorBudget(),
                    config.quarantineLimit(),
                    opener)));
      }
      done = true;
      return open;
    } finally {
      if (!done) {
        open.forEach(Volume::close);
      }
    }
  }

  /** Lists what the volumes in service hold, from the index if it is trusted. */
  static List<Found> find(List<Volume> volumes, ContentIndex index) throws IOException {
    Map<UUID, List<ContentFile.Header>> known = new HashMap<>();
    if (index.trusted()) {
      index.forEach(
          header -> known.computeIfAbsent(header.storeId(), id -> new ArrayList<>()).add(header));
    }
    return onEach(
        volumes,
        volume -> {
          if (!volume.inService()) {
            return new Found(List.of(), List.of());
          }
          List<ContentFile.Header> whole =
              index.trusted()
                  ? known.getOrDefault(volume.storeId(), List.of())
                  : Recovery.wholeFiles(volume);
          return new Found(whole, Recovery.partialFiles(volume));
        });
  }

  interface Step<T, R> {
    R run(T subject) throws IOException;
  }

  /** Runs a step for each at the same time and waits for all; the first failure is thrown. */
  static <T, R> List<R> onEach(List<T> subjects, Step<T, R> step) throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(subjects.size())) {
      List<Future<R>> running =
          subjects.stream()
              .map(subject -> threads.submit((Callable<R>) () -> step.run(subject)))
              .toList();
      List<R> results = new ArrayList<>();
      for (Future<R> one : running) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreRefusedException refused) {
        throw refused;
      }
      throw new IOException("cannot read the volumes", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading the volumes", e);
    }
  }
}
