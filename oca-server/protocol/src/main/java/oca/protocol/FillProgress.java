package oca.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import java.util.List;
import oca.model.ApplianceId;

/**
 * How far an appliance is with what it was granted. Answered with 204 when ends are durable; until
 * then the sender says them again.
 *
 * @param appliance the sender
 * @param items in no order
 */
public record FillProgress(ApplianceId appliance, List<Item> items) {
  public FillProgress {
    items = List.copyOf(items);
  }

  /** What a grant has come to. */
  public enum State {
    /** It is being fetched; also how a state is read that only a newer sender knows. */
    @JsonEnumDefaultValue
    RUNNING,
    /** The file is held, whole and verified. */
    HELD,
    /** Every source failed, or the file was refused; the reason says which. */
    FAILED
  }

  /**
   * One grant.
   *
   * @param bytes of the file that are there, in whole blocks
   * @param bytesFromOrigin that the origin sent for this grant, good or bad
   * @param reason why it failed, for a reader; else empty
   */
  public record Item(
      long job,
      long generation,
      int attempt,
      State state,
      long bytes,
      long bytesFromOrigin,
      String reason) {}
}
