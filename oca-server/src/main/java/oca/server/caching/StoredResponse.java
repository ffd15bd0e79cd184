package oca.server.caching;

import java.util.SortedSet;
import oca.server.range.Validators;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is kept, its bytes aside. What its fields say is read once, when it is made, so
 * that answering from it is a few comparisons. Immutable, on any thread.
 */
public final class StoredResponse {
  private static final long MILLIS = 1000;

  private final int status;
  private final FieldSection fields;
  private final String variant;
  private final long requestedMillis;
  private final long receivedMillis;
  private final ResponseControl control;
  private final Lifetime lifetime;
  private final long initialAgeMillis;
  private final SortedSet<String> variesBy;
  private final long length;
  private final Validators validators;

  /** What was made last; whoever makes it anew makes the same. */
  private volatile @Nullable PassedOn passedOn;

  private volatile @Nullable Given given;

  private record PassedOn(Via by, String version, FieldSection fields) {
    boolean isFor(Via via, String ofVersion) {
      return by.equals(via) && version.equals(ofVersion);
    }
  }

  private record Given(long age, PassedOn of, CacheStatusEntry status, FieldSection fields) {}

  private StoredResponse(
      int status,
      FieldSection fields,
      String variant,
      long requestedMillis,
      long receivedMillis,
      ResponseControl control,
      Lifetime lifetime) {
    this.status = status;
    this.fields = fields;
    this.variant = variant;
    this.requestedMillis = requestedMillis;
    this.receivedMillis = receivedMillis;
    this.control = control;
    this.lifetime = lifetime;
    this.initialAgeMillis = Age.initialMillis(fields, requestedMillis, receivedMillis);
    this.variesBy = Variants.names(fields);
    this.length = Partials.length(fields);
    this.validators = ResponseValidators.forConditions(fields, receivedMillis);
  }

  /**
   * A response that was found {@linkplain Storability fit to be kept}, now or before a restart.
   *
   * @param fields as they are kept
   * @param variant the secondary key of the request that it answered
   * @param requestedMillis when it was asked for, since 1970
   * @param receivedMillis when its head came, since 1970
   */
  public static StoredResponse of(
      int status,
      FieldSection fields,
      String variant,
      long requestedMillis,
      long receivedMillis,
      CachingPolicy policy) {
    ResponseControl control = ResponseControl.of(fields, policy.targets());
    Lifetime lifetime = Lifetime.of(status, fields, control, receivedMillis, policy);
    return new StoredResponse(
        status, fields, variant, requestedMillis, receivedMillis, control, lifetime);
  }

  /** The same, stale from now on unless it was before: validated before it is used again. */
  public StoredResponse endedAt(long nowMillis) {
    long age = ageMillis(nowMillis);
    return age >= lifetime.millis() ? this : with(fields, new Lifetime(age, lifetime.basis()));
  }

  /** The same, now that all of it has come and its length is known. */
  public StoredResponse completed(long length) {
    return with(fields.with("Content-Length", Long.toString(length)), lifetime);
  }

  private StoredResponse with(FieldSection otherFields, Lifetime otherLifetime) {
    return new StoredResponse(
        status, otherFields, variant, requestedMillis, receivedMillis, control, otherLifetime);
  }

  /** As it came; 206 as long as it is known only by a part. */
  public int status() {
    return status;
  }

  /** As they are kept: without what ends at a hop or is for one user. */
  public FieldSection fields() {
    return fields;
  }

  /**
   * Those of an answer from here. They are the same ones for all answers of a second of which the
   * same is to be said, since thousands may be given in one.
   *
   * @param version of HTTP in which it came: {@code 1.1}
   */
  FieldSection given(long nowMillis, Via via, String version, CacheStatusEntry status) {
    long age = Math.min(ageMillis(nowMillis) / MILLIS, Directives.MAX_SECONDS);
    Given last = given;
    if (last == null
        || last.age != age
        || !last.of.isFor(via, version)
        || !last.status.equals(status)) {
      PassedOn common = passedOn(via, version);
      FieldSection own = FieldSection.of("Age", Long.toString(age), "Cache-Status", status.value());
      last = new Given(age, common, status, common.fields.plus(own));
      given = last;
    }
    return last.fields;
  }

  /**
   * Those that each answer from here has alike: with this hop in Via, and without Age, which
   * changes, and Content-Length, which the sender writes.
   */
  private PassedOn passedOn(Via via, String version) {
    PassedOn known = passedOn;
    if (known == null || !known.isFor(via, version)) {
      FieldSection kept =
          fields.without(
              name -> name.equalsIgnoreCase("Age") || name.equalsIgnoreCase("Content-Length"));
      known = new PassedOn(via, version, via.addTo(kept, version));
      passedOn = known;
    }
    return known;
  }

  /** The secondary key of the requests that it answers. */
  public String variant() {
    return variant;
  }

  /** When it was asked for, or validated last, in milliseconds since 1970. */
  public long requestedMillis() {
    return requestedMillis;
  }

  /** When it came, or was validated last, in milliseconds since 1970. */
  public long receivedMillis() {
    return receivedMillis;
  }

  /** What it says of its caching. */
  public ResponseControl control() {
    return control;
  }

  /** For how long it is fresh, and who says so. */
  public Lifetime lifetime() {
    return lifetime;
  }

  /** Its age, 0 or more, whatever the clock does. */
  public long ageMillis(long nowMillis) {
    return initialAgeMillis + Math.max(0, nowMillis - receivedMillis);
  }

  /** For how long it will be fresh yet; below zero when it is stale, and since when. */
  public long ttlMillis(long nowMillis) {
    return lifetime.millis() - ageMillis(nowMillis);
  }

  /** RFC 9111, section 4.2. */
  public boolean isFresh(long nowMillis) {
    return ttlMillis(nowMillis) > 0;
  }

  /** Whether it depends on fields of requests which it answers. */
  public boolean varies() {
    return !variesBy.isEmpty();
  }

  /** Whether it was chosen by the same fields as this request has (section 4.1). */
  public boolean matches(FieldSection request) {
    return !variesBy.contains(Variants.ANY) && variant.equals(Variants.key(variesBy, request));
  }

  /** Whether it must not be used once it is stale (section 4.2.4). */
  public boolean forbidsStale(CachingPolicy policy) {
    return control.noCache()
        || control.mustRevalidate()
        || control.proxyRevalidate()
        || (policy.sharedAgeForbidsStale() && control.sMaxAge() != ResponseControl.ABSENT);
  }

  /** Length of the whole in bytes, or {@link ContentRange#UNKNOWN}. */
  public long length() {
    return length;
  }

  /** By what conditions of clients are evaluated (section 4.3.2). */
  public Validators validators() {
    return validators;
  }

  @Override
  public String toString() {
    return status + " " + fields + " received " + receivedMillis;
  }
}
