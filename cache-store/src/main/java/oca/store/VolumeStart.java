package oca.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import oca.store.disk.Disk;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;
import oca.store.disk.VolumeIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens volumes: all at the same time, each on a thread of its own, so that a disk which hangs does
 * not keep the others from serving.
 */
final class VolumeStart {
  private static final Logger log = LoggerFactory.getLogger(VolumeStart.class);

  private final StoreConfig config;
  private final Disk disk;

  VolumeStart(StoreConfig config, Disk disk) {
    this.config = config;
    this.disk = disk;
  }

  /** Volumes and the roster they were opened by. */
  record Opened(List<Volume> volumes, Roster roster) {}

  /** Opens all volumes or none. */
  Opened open(Optional<Roster> remembered) throws StoreRefusedException {
    List<Answer<Optional<VolumeIdentity>>> asked = new ArrayList<>();
    for (StoreConfig.VolumeConfig volume : config.volumes()) {
      asked.add(ask(() -> VolumeIdentity.read(disk, volume.path())));
    }
    List<VolumeIdentity> found = new ArrayList<>();
    for (Answer<Optional<VolumeIdentity>> answer : asked) {
      try {
        answer.await().ifPresent(found::add);
      } catch (StoreRefusedException e) {
        throw e;
      } catch (IOException e) {
        log.debug("a volume does not say who it is; opening it will tell why", e);
      }
    }
    Roster roster = Roster.of(remembered, found);
    List<Volume> open = openAll(roster);
    return new Opened(open, roster.with(open));
  }

  /** Opens one more volume of the same store. */
  Volume open(StoreConfig.VolumeConfig volume, Roster roster) throws StoreRefusedException {
    return await(volume, roster, ask(() -> Volume.open(settings(volume, roster), roster.set())));
  }

  private List<Volume> openAll(Roster roster) throws StoreRefusedException {
    List<Answer<Volume>> opening = new ArrayList<>();
    for (StoreConfig.VolumeConfig volume : config.volumes()) {
      opening.add(ask(() -> Volume.open(settings(volume, roster), roster.set())));
    }
    List<Volume> open = new ArrayList<>();
    StoreRefusedException refusal = null;
    for (int i = 0; i < opening.size(); i++) {
      try {
        open.add(await(config.volumes().get(i), roster, opening.get(i)));
      } catch (StoreRefusedException e) {
        refusal = e;
      }
    }
    if (refusal != null) {
      open.forEach(Volume::close);
      throw refusal;
    }
    return open;
  }

  private Volume await(StoreConfig.VolumeConfig volume, Roster roster, Answer<Volume> answer)
      throws StoreRefusedException {
    try {
      return answer.await();
    } catch (StoreRefusedException e) {
      throw e;
    } catch (IOException e) {
      answer.whenLate(Volume::close);
      return Volume.outOfService(settings(volume, roster), e);
    }
  }

  private Volume.Settings settings(StoreConfig.VolumeConfig volume, Roster roster) {
    return new Volume.Settings(
        volume.path(),
        volume.capacityBytes(),
        volume.reserveBytes(),
        config.errorBudget(),
        config.quarantineLimit(),
        roster.expectsMount(volume.path()),
        disk);
  }

  private <T> Answer<T> ask(Callable<T> question) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("store-open")
        .start(
            () -> {
              try {
                future.complete(question.call());
              } catch (Exception e) {
                future.completeExceptionally(e);
              }
            });
    return new Answer<>(future, config.hangAfter().toNanos());
  }

  /** What a disk was asked for. */
  private record Answer<T>(CompletableFuture<T> future, long nanos) {

    T await() throws IOException {
      try {
        return future.get(nanos, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new IOException(
            "its disk did not answer for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(nanos)), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a disk was asked", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IllegalStateException("opening a volume failed", e.getCause());
      }
    }

    void whenLate(Consumer<T> taker) {
      var _ =
          future.whenComplete(
              (late, error) -> {
                if (error == null) {
                  taker.accept(late);
                }
              });
    }
  }
}
