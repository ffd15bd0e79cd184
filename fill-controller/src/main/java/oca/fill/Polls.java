package oca.fill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oca.fill.jobs.Courier;
import oca.fill.jobs.Tell;
import oca.model.ApplianceId;
import oca.protocol.FillGrant;

/** Appliances that wait for an answer to their ask. */
final class Polls implements Courier {
  /** What a poll ends with. */
  sealed interface End {
    /** There is something to say, or maybe nothing. */
    record Told(FillGrant grant) implements End {}

    /** Another controller is to be asked. */
    record Moved() implements End {}
  }

  private final int most;
  private final Map<ApplianceId, CompletableFuture<End>> waiting = new ConcurrentHashMap<>();

  /** Nobody waits. */
  Polls(int most) {
    this.most = most;
  }

  /** Begins to wait; an ask before of the same appliance ends with nothing. */
  CompletableFuture<End> open(ApplianceId appliance) {
    CompletableFuture<End> poll = new CompletableFuture<>();
    CompletableFuture<End> before = waiting.put(appliance, poll);
    if (before != null) {
      before.complete(nothing(appliance, 0));
    }
    return poll;
  }

  /** Whether one more may wait for long. */
  boolean hasRoom() {
    return waiting.size() <= most;
  }

  /** Waits for the end; afterwards nobody waits for this one. */
  End await(ApplianceId appliance, CompletableFuture<End> poll, long heard, Duration longest) {
    try {
      return poll.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return nothing(appliance, heard);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a poll cannot fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return nothing(appliance, heard);
    }
  }

  /** Ends the wait; true when that was the appliance's newest ask. */
  boolean close(ApplianceId appliance, CompletableFuture<End> poll) {
    return waiting.remove(appliance, poll);
  }

  @Override
  public void tell(ApplianceId appliance, List<Tell> tells) {
    CompletableFuture<End> poll = waiting.get(appliance);
    if (poll == null) {
      return;
    }
    long number = 0;
    List<FillGrant.Grant> grants = new ArrayList<>();
    List<FillGrant.Stop> stops = new ArrayList<>();
    for (Tell tell : tells) {
      number = Math.max(number, tell.number());
      switch (tell.kind()) {
        case GRANT ->
            grants.add(
                new FillGrant.Grant(
                    tell.job(),
                    tell.generation(),
                    tell.attempt(),
                    tell.file().path(),
                    tell.file().version()));
        case STOP ->
            stops.add(new FillGrant.Stop(tell.job(), tell.generation(), tell.attempt(), tell.by()));
      }
    }
    poll.complete(new End.Told(new FillGrant(appliance, number, grants, stops)));
  }

  @Override
  public void moved(ApplianceId appliance) {
    CompletableFuture<End> poll = waiting.get(appliance);
    if (poll != null) {
      poll.complete(new End.Moved());
    }
  }

  private static End nothing(ApplianceId appliance, long heard) {
    return new End.Told(new FillGrant(appliance, heard, List.of(), List.of()));
  }
}
