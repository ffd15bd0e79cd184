package oca.server.caching;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import oca.server.range.HttpDate;
import org.jspecify.annotations.Nullable;

/**
 * Whether and in what form a response is kept (RFC 9111, sections 3 and 3.1 to 3.5).
 *
 * <p>Stricter than the RFC in three things. What is about one request rather than its target, 416
 * above all, is not kept however long it says. What varies by {@code *}, or is stale and cannot be
 * validated, is not kept, since nothing could come of it. Answers to HEAD are not kept; they only
 * {@linkplain HeadUpdate update} what is.
 */
public final class Storability {
  private Storability() {}

  /**
   * Judges a response to a request, by its head.
   *
   * @param request as the client sent it, with its hop-by-hop fields
   * @param response as upstream sent it
   * @param requestedMillis when the request went upstream, since 1970
   * @param receivedMillis when the head came, since 1970
   */
  public static Storing judge(
      CacheRequest request,
      int status,
      FieldSection response,
      long requestedMillis,
      long receivedMillis,
      CachingPolicy policy) {
    Refusal ofRequest = refusal(request, policy);
    if (ofRequest != null) {
      return new Storing.Refused(ofRequest);
    }
    if (!Statuses.isFinal(status) || Statuses.isAboutTheRequest(status)) {
      return new Storing.Refused(Refusal.STATUS);
    }
    if (status == Statuses.PARTIAL_CONTENT && !Partials.isKeepable(response)) {
      return new Storing.Refused(Refusal.PART);
    }
    FieldSection kept = kept(response, receivedMillis, policy);
    String variant = Variants.key(Variants.names(kept), request.fields());
    StoredResponse stored =
        StoredResponse.of(status, kept, variant, requestedMillis, receivedMillis, policy);
    Refusal refusal = refusal(request.fields(), stored, policy);
    return refusal == null ? new Storing.Kept(stored) : new Storing.Refused(refusal);
  }

  private static @Nullable Refusal refusal(CacheRequest request, CachingPolicy policy) {
    if (!request.isGet()) {
      return Refusal.METHOD;
    }
    if (request.hasBody()) {
      return Refusal.REQUEST_BODY;
    }
    return request.control(policy).noStore() ? Refusal.REQUEST_NO_STORE : null;
  }

  /** Why a response in the form it would be kept in is not; null when it is. */
  static @Nullable Refusal refusal(
      FieldSection request, StoredResponse stored, CachingPolicy policy) {
    ResponseControl control = stored.control();
    boolean understood = Statuses.isUnderstood(stored.status());
    if (control.mustUnderstand() && !understood) {
      return Refusal.NOT_UNDERSTOOD;
    }
    // Section 5.2.2.3: no-store is for caches that do not know must-understand.
    if (control.noStore() && !control.mustUnderstand()) {
      return Refusal.NO_STORE;
    }
    if (control.isPrivate()) {
      return Refusal.PRIVATE;
    }
    if (request.has("Authorization") && !isShareable(control)) {
      return Refusal.AUTHORIZATION;
    }
    if (Variants.isByAnything(stored.fields())) {
      return Refusal.VARY;
    }
    if (setsCookie(stored.fields()) && !isCookieKept(stored, policy)) {
      return Refusal.COOKIE;
    }
    if (!isDated(stored)) {
      return Refusal.UNDATED;
    }
    return isUseful(stored, policy) ? null : Refusal.USELESS;
  }

  /** Section 3.5. */
  private static boolean isShareable(ResponseControl control) {
    return control.isPublic()
        || control.mustRevalidate()
        || control.sMaxAge() != ResponseControl.ABSENT;
  }

  private static boolean setsCookie(FieldSection fields) {
    return fields.has("Set-Cookie") || fields.has("Set-Cookie2");
  }

  private static boolean isCookieKept(StoredResponse stored, CachingPolicy policy) {
    return switch (policy.cookies()) {
      case REFUSE -> false;
      case STRIP -> true;
      case KEEP_IF_EXPLICIT -> stored.lifetime().basis().isExplicit();
    };
  }

  /** The last item of section 3's list: something says that it can be kept at all. */
  private static boolean isDated(StoredResponse stored) {
    ResponseControl control = stored.control();
    return control.isPublic()
        || stored.lifetime().basis() != Lifetime.Basis.NONE
        || Statuses.isHeuristic(stored.status());
  }

  private static boolean isUseful(StoredResponse stored, CachingPolicy policy) {
    if (ResponseValidators.isAny(stored.fields())) {
      return true;
    }
    if (stored.control().noCache()) {
      return false;
    }
    boolean mayBeStale =
        !stored.forbidsStale(policy)
            && (stored.control().staleWhileRevalidate() > 0
                || stored.control().staleIfError() > 0
                || policy.revalidateMillis() > 0
                || policy.errorStaleMillis() > 0);
    return mayBeStale || stored.isFresh(stored.receivedMillis());
  }

  /**
   * The fields that are kept (section 3.1): without those that end at a hop, those that are not to
   * be shared ({@code private="f"}) or not without asking ({@code no-cache="f"}), and with a Date
   * where none is (RFC 9110, section 6.6.1).
   */
  static FieldSection kept(FieldSection response, long receivedMillis, CachingPolicy policy) {
    ResponseControl control = ResponseControl.of(response, policy.targets());
    Set<String> gone = new HashSet<>(control.privateFields());
    gone.addAll(control.noCacheFields());
    if (policy.cookies() == CookieRule.STRIP) {
      gone.addAll(Set.of("set-cookie", "set-cookie2"));
    }
    FieldSection kept = HopByHop.strip(response).without(gone);
    OptionalLong date = CacheDates.earliest(kept.values("Date"));
    return date.isPresent()
        ? kept
        : kept.with("Date", HttpDate.format(Math.floorDiv(receivedMillis, 1000L)));
  }
}
