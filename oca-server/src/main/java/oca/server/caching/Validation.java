package oca.server.caching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** Asking upstream whether kept responses can be used yet (RFC 9111, section 4.3). */
public final class Validation {
  /** More tags than so many are not named in one request; it stays of bounded size. */
  private static final int MAX_TAGS = 16;

  /** What came of asking. */
  public sealed interface Outcome {
    /**
     * Kept responses are good, with newer fields, and take the place of the older ones.
     *
     * @param answer what to answer with
     * @param others that the same answer freshened
     * @param dropped why the answer may be used only now and not be kept any more; null when it may
     */
    record Freshened(StoredResponse answer, List<StoredResponse> others, @Nullable Refusal dropped)
        implements Outcome {
      public Freshened {
        others = List.copyOf(others);
      }
    }

    /** A 304 about none of what is kept: ask again, without conditions. */
    record AskAgain() implements Outcome {}

    /** Another response, to be judged like any; if it is kept, what was kept before goes. */
    record Replaced() implements Outcome {}

    /**
     * An upstream that fails, which is any 5xx (section 4.3.3): what is kept may stand in, see
     * {@link Reuse#onFailure}; if not, the failure is told, and judged like any response.
     */
    record Failed() implements Outcome {}
  }

  private Validation() {}

  /**
   * The conditions to ask with (section 4.3.1): of one response its entity tag, spelled as its
   * origin did, and its date, as it did too; of several their tags.
   */
  public static FieldSection conditions(List<StoredResponse> stored) {
    if (stored.size() == 1) {
      return conditions(stored.getFirst().fields());
    }
    SequencedSet<String> tags = new LinkedHashSet<>();
    for (StoredResponse response : stored) {
      String tag = ResponseValidators.entityTag(response.fields());
      if (tag != null && ResponseValidators.isTag(tag) && tags.size() < MAX_TAGS) {
        tags.add(tag);
      }
    }
    return tags.isEmpty()
        ? FieldSection.EMPTY
        : FieldSection.of("If-None-Match", String.join(", ", tags));
  }

  private static FieldSection conditions(FieldSection fields) {
    FieldSection conditions = FieldSection.EMPTY;
    String tag = ResponseValidators.entityTag(fields);
    if (tag != null) {
      conditions = conditions.plus("If-None-Match", tag);
    }
    String modified = fields.first("Last-Modified");
    return modified != null && ResponseValidators.modified(fields).isPresent()
        ? conditions.plus("If-Modified-Since", modified)
        : conditions;
  }

  /**
   * What an answer to such conditions says of the responses they were made from.
   *
   * @param request that the answer is for
   * @param asked the responses whose validators were sent
   * @param status of upstream's answer, final
   * @param fields of upstream's answer, as they came
   * @param requestedMillis when upstream was asked, since 1970
   * @param receivedMillis when its head came, since 1970
   */
  public static Outcome judge(
      CacheRequest request,
      List<StoredResponse> asked,
      int status,
      FieldSection fields,
      long requestedMillis,
      long receivedMillis,
      CachingPolicy policy) {
    if (status != Statuses.NOT_MODIFIED) {
      return status >= 500 ? new Outcome.Failed() : new Outcome.Replaced();
    }
    List<StoredResponse> good = selected(asked, fields);
    if (good.isEmpty()) {
      return new Outcome.AskAgain();
    }
    FieldSection newer = Storability.kept(fields, receivedMillis, policy);
    StoredResponse chosen = answer(request, good);
    StoredResponse answer = null;
    List<StoredResponse> others = new ArrayList<>();
    for (StoredResponse stored : good) {
      // Once more, since what is not to be shared may be named in the older fields alone.
      FieldSection merged =
          Storability.kept(FieldMerge.updated(stored.fields(), newer), receivedMillis, policy);
      boolean isAnswer = stored == chosen;
      // Upstream chose it for this request, whatever it was chosen for before.
      String variant =
          isAnswer ? Variants.key(Variants.names(merged), request.fields()) : stored.variant();
      StoredResponse updated =
          StoredResponse.of(
              stored.status(), merged, variant, requestedMillis, receivedMillis, policy);
      if (isAnswer) {
        answer = updated;
      } else {
        others.add(updated);
      }
    }
    return answer == null
        ? new Outcome.AskAgain()
        : new Outcome.Freshened(
            answer, others, Storability.refusal(request.fields(), answer, policy));
  }

  private static StoredResponse answer(CacheRequest request, List<StoredResponse> good) {
    for (StoredResponse stored : good) {
      if (stored.matches(request.fields())) {
        return stored;
      }
    }
    return good.getFirst();
  }

  /**
   * Those that a 304 is about (section 4.3.4): all of the same strong validator; else of the same
   * weak one the latest; and without a validator the only one that was asked about. There the RFC
   * wants that one to have none either; but many an origin leaves them out, and what it says of the
   * one tag it was sent can be about nothing else.
   */
  private static List<StoredResponse> selected(List<StoredResponse> asked, FieldSection fields) {
    if (!ResponseValidators.isAny(fields)) {
      return asked.size() == 1 ? asked : List.of();
    }
    List<StoredResponse> same =
        asked.stream().filter(it -> ResponseValidators.isAbout(fields, it.fields())).toList();
    return ResponseValidators.isAnyStrong(fields)
        ? same
        : same.stream()
            .max(Comparator.comparingLong(StoredResponse::receivedMillis))
            .map(List::of)
            .orElse(List.of());
  }
}
