package oca.server.pull;

import oca.server.caching.FieldSection;
import oca.server.range.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered.
 *
 * @param status of {@link Reply.Whole}, which may be any final one; other replies have their own
 * @param reply what of the body is sent, or what in its place
 * @param fields all but those that frame the message or say which range it is
 * @param length of the whole body in bytes, or {@link PulledBody#UNKNOWN}; to HEAD too
 * @param body null when there are no bytes to send
 */
public record PulledAnswer(
    int status, Reply reply, FieldSection fields, long length, @Nullable PulledBody body) {

  /** One that is made here, of nothing that is kept. */
  static PulledAnswer without(Reply reply, FieldSection fields) {
    return new PulledAnswer(reply.outcome().status(), reply, fields, PulledBody.UNKNOWN, null);
  }
}
