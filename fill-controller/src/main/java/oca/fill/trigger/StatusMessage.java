package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Trigger Status Resource (RFC 8007, section 5.1.2). Times are seconds since 1970.
 *
 * @param ctime when the trigger was taken
 * @param mtime when its status last changed
 * @param etime when it ended
 */
record StatusMessage(
    TriggerSpec trigger,
    long ctime,
    long mtime,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long etime,
    String status,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TriggerError> errors) {
  static final String MEDIA_TYPE = "application/cdni; ptype=ci-trigger-status";

  static StatusMessage of(Trigger trigger) {
    java.time.Instant ended = trigger.ended();
    return new StatusMessage(
        trigger.spec(),
        trigger.created().getEpochSecond(),
        trigger.changed().getEpochSecond(),
        ended == null ? null : ended.getEpochSecond(),
        trigger.state().wire(),
        trigger.errors());
  }
}
