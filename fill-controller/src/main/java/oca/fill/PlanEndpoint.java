package oca.fill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogView;
import oca.fill.placement.Explanation;
import oca.fill.placement.Placement;
import oca.fill.placement.PlacementTask;
import oca.fill.plan.PlanDiff;
import oca.fill.plan.PlanHead;
import oca.fill.plan.PlanRefusedException;
import oca.fill.plan.SignedPlan;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * Plans over HTTP. What cannot be done is told as problem+json.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/plans</td><td>{@link Plans}</td></tr>
 *   <tr><td>POST /v1/plans</td><td>a draft, and what it would mean: {@link Drafted}</td></tr>
 *   <tr><td>GET /v1/plans/{version}</td><td>{@link SignedPlan}, the whole of it</td></tr>
 *   <tr><td>GET /v1/plans/diff?from=&amp;to=</td><td>{@link PlanDiff}; from the one in force to the
 *       newest unless told otherwise, from 0 for an empty fleet</td></tr>
 *   <tr><td>GET /v1/plans/why?file=&amp;appliance=&amp;plan=</td><td>{@link Explanation}; a file is a
 *       path, an id or a title</td></tr>
 *   <tr><td>POST /v1/plans/{version}/apply?evict=true</td><td>{@link Applied}</td></tr>
 *   <tr><td>POST /v1/plans/rollback</td><td>{@link Applied}: the plan before is in force</td></tr>
 *   <tr><td>POST /v1/plans/verify</td><td>a {@link SignedPlan}: 204 when it is as it was made</td></tr>
 * </table>
 */
public final class PlanEndpoint {
  private static final int APPLIANCES_NAMED = 10;

  private final PlanMaker maker;
  private final CatalogBook catalog;

  PlanEndpoint(PlanMaker maker, CatalogBook catalog) {
    this.maker = maker;
    this.catalog = catalog;
  }

  /**
   * All plans.
   *
   * @param applied the version in force; 0 for none
   * @param publicKey by which they are signed
   * @param alert why the newest waits for an operator; empty when it does not
   * @param plans newest first
   */
  public record Plans(long applied, String publicKey, String alert, List<PlanHead> plans) {
    public Plans {
      plans = List.copyOf(plans);
    }
  }

  /**
   * A new draft.
   *
   * @param diff to it from the plan in force
   * @param mostEvicted the appliance that loses most of what it was told to hold
   * @param evictedShare of its capacity
   * @param maxEvictedShare more needs a flag
   */
  public record Drafted(
      PlanHead plan,
      PlanDiff diff,
      String mostEvicted,
      double evictedShare,
      double maxEvictedShare) {}

  /** A plan that came into force, and how many manifests changed. */
  public record Applied(long version, int appliances, int changedManifests) {}

  private interface Answer {
    Response give() throws IOException;
  }

  void addTo(ControlListener listener) {
    listener
        .route("GET", "/v1/plans", _ -> answer(this::plans))
        .route("POST", "/v1/plans", _ -> answer(this::draft))
        .route("GET", "/v1/plans/", request -> answer(() -> read(request)))
        .route("POST", "/v1/plans/", request -> answer(() -> change(request)));
  }

  private static Response answer(Answer answer) throws IOException {
    try {
      return answer.give();
    } catch (PlanRefusedException e) {
      return Response.problem(e.status(), String.valueOf(e.getMessage()));
    }
  }

  private Response plans() {
    return Response.message(
        new Plans(
            maker.plans().applied().map(PlanHead::version).orElse(0L),
            maker.plans().publicKey(),
            maker.alert(),
            maker.plans().heads()));
  }

  private Response draft() throws IOException {
    PlanHead head = maker.draft();
    List<Evictions.Evicted> evicted = maker.evictions(head.version());
    return Response.message(
        new Drafted(
            head,
            maker.diff(inForce(), head.version()),
            evicted.isEmpty() ? "" : evicted.getFirst().appliance().value(),
            evicted.isEmpty() ? 0 : evicted.getFirst().share(),
            maker.maxEvictedShare()));
  }

  private Response read(Request request) throws IOException {
    return switch (request.tail()) {
      case "diff" -> diff(request);
      case "why" -> Response.message(why(request));
      default -> Response.message(maker.plans().plan(version(request.tail())));
    };
  }

  private Response change(Request request) throws IOException {
    String tail = request.tail();
    if (tail.equals("rollback")) {
      return applied(maker.rollBack());
    }
    if (tail.equals("verify")) {
      request.message(SignedPlan.class).verify(maker.plans().publicKey());
      return Response.empty(204);
    }
    if (tail.endsWith("/apply")) {
      long version = version(tail.substring(0, tail.length() - "/apply".length()));
      boolean evict = request.parameter("evict").filter("true"::equals).isPresent();
      return applied(maker.apply(version, evict));
    }
    throw new PlanRefusedException(
        404, "POST /v1/plans/{version}/apply, /v1/plans/rollback or /v1/plans/verify");
  }

  private static Response applied(PlanMaker.Outcome.Made made) {
    return Response.message(
        new Applied(made.version(), made.appliances(), made.changedManifests()));
  }

  private Response diff(Request request) throws IOException {
    Optional<String> from = request.parameter("from");
    Optional<String> to = request.parameter("to");
    long newest = maker.plans().newest().map(PlanHead::version).orElse(0L);
    if (to.isEmpty() && newest == 0) {
      throw new PlanRefusedException(404, "there is no plan yet; POST /v1/plans makes one");
    }
    return Response.message(
        maker.diff(
            from.isPresent() ? version(from.get()) : inForce(),
            to.isPresent() ? version(to.get()) : newest));
  }

  private Explanation why(Request request) throws IOException {
    String file = request.parameter("file").orElse("");
    String appliance = request.parameter("appliance").orElse("");
    if (file.isEmpty() || appliance.isEmpty()) {
      throw new IllegalArgumentException("name both: ?file=PATH&appliance=ID");
    }
    Optional<String> asked = request.parameter("plan");
    long version = asked.isPresent() ? version(asked.get()) : inForce();
    if (version == 0) {
      throw new PlanRefusedException(409, "no plan is in force yet; name one: &plan=VERSION");
    }
    Placement placement = maker.placement(version);
    PlacementTask task = placement.task();
    String unit = unit(file, task, version);
    ApplianceId id = new ApplianceId(appliance);
    if (task.room(id) < 0) {
      throw new PlanRefusedException(404, unknownAppliance(id, task, version));
    }
    Explanation why = placement.explain(unit, id);
    return version == inForce() ? maker.dueSentence(unit, id).map(why::with).orElse(why) : why;
  }

  /** A path, an id in hexadecimal digits, or a title. */
  private String unit(String file, PlacementTask task, long version) throws PlanRefusedException {
    CatalogView view = catalog.view();
    Optional<String> title = view.titleOf(file);
    if (title.isEmpty() && file.matches("[0-9a-f]{32}")) {
      title = Optional.ofNullable(view.file(ContentId.parse(file))).map(CatalogEntry::title);
    }
    String name = title.orElse(file);
    if (task.unit(name) < 0) {
      throw new PlanRefusedException(
          404,
          (title.isEmpty() ? "not in the catalogue in force" : "not in plan " + version)
              + ": "
              + file
              + "; give a path, an id or a title");
    }
    return name;
  }

  private static String unknownAppliance(ApplianceId id, PlacementTask task, long version) {
    List<String> known = new ArrayList<>();
    task.rooms().stream()
        .limit(APPLIANCES_NAMED)
        .forEach(room -> known.add(room.appliance().value()));
    String more = task.rooms().size() > APPLIANCES_NAMED ? " and others" : "";
    return "plan "
        + version
        + " was not made for "
        + id
        + " but for "
        + String.join(", ", known)
        + more;
  }

  private long inForce() {
    return maker.plans().applied().map(PlanHead::version).orElse(0L);
  }

  private static long version(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("not a plan's version: " + text);
    }
    return Long.parseLong(text);
  }
}
