package oca.store.simulate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import oca.store.evict.EvictionPolicies;

/**
 * Policies and the bound, each at each capacity, over one recording.
 *
 * @param seed of the policies
 * @param threads how many play at a time, 1 or more
 */
public record Simulation(
    List<Capacity> capacities, List<EvictionPolicies> policies, long seed, int threads) {

  /** LRU is always among the policies, because the others are measured from it. */
  public Simulation {
    Set<EvictionPolicies> withLru = new LinkedHashSet<>(policies);
    withLru.add(EvictionPolicies.LRU);
    capacities = List.copyOf(capacities);
    policies = List.copyOf(withLru);
  }

  /**
   * Plays them all. Ends early, with nothing left running, when the thread is interrupted.
   *
   * @param progress told after each that is done: how many are, and of how many
   */
  public SimulationReport run(Recording recording, BiConsumer<Integer, Integer> progress)
      throws IOException, InterruptedException {
    try (Belady belady = Belady.of(recording);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      try {
        return run(recording, belady, pool, progress);
      } catch (Throwable e) {
        pool.shutdownNow();
        throw e;
      }
    }
  }

  private SimulationReport run(
      Recording recording,
      Belady belady,
      ExecutorService pool,
      BiConsumer<Integer, Integer> progress)
      throws IOException, InterruptedException {
    List<Future<Outcome>> plays = new ArrayList<>();
    for (Capacity capacity : capacities) {
      long bytes = capacity.of(recording.footprint());
      plays.add(pool.submit((Callable<Outcome>) () -> belady.play(bytes)));
      for (EvictionPolicies policy : policies) {
        plays.add(pool.submit(() -> PolicyRun.play(recording, bytes, policy, seed)));
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<Outcome> play : plays) {
      outcomes.add(await(play));
      progress.accept(outcomes.size(), plays.size());
    }
    List<SimulationReport.Size> sizes = new ArrayList<>();
    int each = 1 + policies.size();
    for (int i = 0; i < capacities.size(); i++) {
      sizes.add(size(recording, capacities.get(i), outcomes.subList(i * each, (i + 1) * each)));
    }
    return new SimulationReport(
        recording.requests(),
        recording.bytes(),
        recording.objects(),
        recording.footprint(),
        recording.resized(),
        sizes);
  }

  private SimulationReport.Size size(
      Recording recording, Capacity capacity, List<Outcome> outcomes) {
    long bound = outcomes.getFirst().byteHits();
    long lru = outcomes.get(1 + policies.indexOf(EvictionPolicies.LRU)).byteHits();
    List<SimulationReport.Row> rows = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      String label = i == 0 ? SimulationReport.BOUND : policies.get(i - 1).label();
      rows.add(SimulationReport.row(label, outcomes.get(i), recording, lru, bound));
    }
    return new SimulationReport.Size(
        capacity.label(), capacity.of(recording.footprint()), List.copyOf(rows));
  }

  private static Outcome await(Future<Outcome> play) throws IOException, InterruptedException {
    try {
      return play.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a simulation failed", e);
    }
  }
}
