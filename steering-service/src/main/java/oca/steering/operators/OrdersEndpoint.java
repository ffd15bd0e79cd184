package oca.steering.operators;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import oca.model.ApplianceId;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Gate;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.registry.Book;
import oca.steering.registry.Command;
import oca.steering.registry.Entry;
import oca.steering.registry.Receipt;
import oca.steering.registry.Refusal;
import oca.steering.registry.RegistryStatus;
import oca.steering.registry.What;
import org.jspecify.annotations.Nullable;

/**
 * Registration, orders, and what was decided.
 *
 * <ul>
 *   <li>{@code POST /v1/appliances}: registers one; again with the same words changes nothing
 *   <li>{@code POST /v1/appliances/ID/drain}, {@code undrain}, {@code retire}, {@code restore}
 *   <li>{@code POST /v1/thaw}: ends a freeze of evictions
 *   <li>{@code GET /v1/appliances}, {@code GET /v1/appliances/ID}, {@code GET /v1/changes?after=N},
 *       {@code GET /v1/registry}
 * </ul>
 *
 * <p>An order is in force when it is answered: 200 (201 for a new appliance) when it is also
 * stored, 202 when the database has not taken it yet. 503 means that nothing was changed.
 */
public final class OrdersEndpoint {
  private static final int CHANGES_OF_ONE = 20;
  private static final int CHANGES_AT_ONCE = 200;
  private static final String PREFIX = "/v1/appliances/";

  private final Roster roster;
  private final Function<Command, Receipt> registry;
  private final Supplier<RegistryStatus> status;
  private final Runnable thaw;
  private final Duration patience;

  /**
   * An endpoint over those.
   *
   * @param registry puts a command in force
   * @param thaw ends a freeze
   * @param patience how long an answer waits for the disk
   */
  public OrdersEndpoint(
      Roster roster,
      Function<Command, Receipt> registry,
      Supplier<RegistryStatus> status,
      Runnable thaw,
      Duration patience) {
    this.roster = roster;
    this.registry = registry;
    this.status = status;
    this.thaw = thaw;
    this.patience = patience;
  }

  /** Adds all of it, for operators. */
  public void addForOperatorsTo(ControlListener listener) {
    listener.route("POST", "/v1/appliances", request -> register(request, (_, _) -> null));
    listener.route("POST", PREFIX, this::order);
    listener.route("POST", "/v1/thaw", this::thaw);
    listener.route("GET", "/v1/appliances", _ -> appliances());
    listener.route("GET", PREFIX, this::appliance);
    listener.route("GET", "/v1/changes", this::changes);
    listener.route(
        "GET", "/v1/registry", _ -> Response.message(new Answers.Registry(status.get())));
  }

  /** What speaks against a request in the name of an appliance. */
  @FunctionalInterface
  public interface SenderCheck {
    /** The refusal, or null. */
    @Nullable Response refusal(Request request, ApplianceId sender);
  }

  /**
   * Adds the registration, for appliances.
   *
   * @param gate before it
   * @param check holds each appliance to its own name
   */
  public void addForAppliancesTo(ControlListener listener, Gate gate, SenderCheck check) {
    listener
        .route("POST", "/v1/appliances", request -> register(request, check))
        .guard("/v1/appliances", gate);
  }

  private Response register(Request request, SenderCheck check) throws IOException {
    Answers.Registration wanted = request.message(Answers.Registration.class);
    Response refusal = check.refusal(request, wanted.appliance());
    if (refusal != null) {
      return refusal;
    }
    return answer(
        new Command(
            What.REGISTER,
            wanted.appliance(),
            wanted.site(),
            wanted.endpoint(),
            wanted.note(),
            who(wanted.who(), request),
            wanted.reason() == null ? "" : wanted.reason()));
  }

  private Response order(Request request) throws IOException {
    List<String> parts = List.of(request.tail().split("/", -1));
    What what = parts.size() == 2 ? order(parts.getLast()) : null;
    if (what == null) {
      return Response.problem(
          404, "no such order: POST " + PREFIX + "ID/drain, undrain, retire or restore");
    }
    Answers.Words words = words(request);
    return answer(
        Command.order(
            what,
            new ApplianceId(parts.getFirst()),
            who(words.who(), request),
            words.reason() == null ? "" : words.reason()));
  }

  private Response thaw(Request request) throws IOException {
    Answers.Words words = words(request);
    Command command =
        Command.thaw(who(words.who(), request), words.reason() == null ? "" : words.reason());
    if (!roster.isFrozen()) {
      return Response.message(new Answers.Ordered(null, false, null, kept(true)));
    }
    Receipt receipt = registry.apply(command);
    if (!(receipt instanceof Receipt.Refused)) {
      thaw.run();
    }
    return answer(command, receipt);
  }

  private Response appliances() {
    return Response.message(new Answers.Appliances(List.copyOf(roster.now().rows().values())));
  }

  private Response appliance(Request request) {
    ApplianceId id = new ApplianceId(request.tail());
    Row row = roster.row(id);
    if (row == null) {
      return Response.problem(404, Refusal.UNKNOWN_APPLIANCE.sentence() + ": " + id);
    }
    return Response.message(
        new Answers.Appliance(
            row,
            roster.book().changes().reversed().stream()
                .filter(change -> id.equals(change.appliance()))
                .limit(CHANGES_OF_ONE)
                .map(Answers.Line::of)
                .toList()));
  }

  private Response changes(Request request) {
    String after = request.parameter("after").orElse("0");
    if (!after.matches("\\d{1,18}")) {
      return Response.problem(400, "?after= is the number of a change, not: " + after);
    }
    long number = Long.parseLong(after);
    Book book = roster.book();
    return Response.message(
        new Answers.Changes(
            book.before(),
            book.last(),
            book.changes().stream()
                .filter(change -> change.number() > number)
                .limit(CHANGES_AT_ONCE)
                .map(Answers.Line::of)
                .toList()));
  }

  private Response answer(Command command) {
    return answer(command, registry.apply(command));
  }

  private Response answer(Command command, Receipt receipt) {
    return switch (receipt) {
      case Receipt.Refused(Refusal why) -> refusal(why, command);
      case Receipt.Already(Entry entry, CompletableFuture<Void> stored) ->
          answer(200, command, null, stored);
      case Receipt.Done done ->
          answer(
              done.change().what() == What.REGISTER ? 201 : 200,
              command,
              done.change().number(),
              done.stored());
    };
  }

  private Response answer(
      int status, Command command, @Nullable Long change, CompletableFuture<Void> stored) {
    boolean onDisk;
    try {
      stored.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      onDisk = true;
    } catch (TimeoutException e) {
      onDisk = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      onDisk = false;
    } catch (ExecutionException e) {
      String why = e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
      return Response.problem(409, "the database says otherwise: " + why);
    }
    ApplianceId id = command.appliance();
    Response message =
        Response.message(
            new Answers.Ordered(
                id == null ? null : roster.row(id), change != null, change, kept(onDisk)));
    return new Response(onDisk ? status : 202, message.headers(), message.body());
  }

  private static Response refusal(Refusal why, Command command) {
    String sentence = command.what().label() + " " + command.appliance() + ": " + why.sentence();
    return switch (why) {
      case UNKNOWN_APPLIANCE -> Response.problem(404, sentence);
      case IS_RETIRED -> Response.problem(409, sentence);
      case TOO_MANY_APPLIANCES -> Response.problem(422, sentence);
      case QUEUE_FULL -> Response.problem(503, sentence).with("Retry-After", "5");
    };
  }

  private String kept(boolean stored) {
    return stored ? status.get().keeps() : "queued";
  }

  private static @Nullable What order(String word) {
    return switch (word) {
      case "drain" -> What.DRAIN;
      case "undrain" -> What.UNDRAIN;
      case "retire" -> What.RETIRE;
      case "restore" -> What.RESTORE;
      default -> null;
    };
  }

  private static Answers.Words words(Request request) throws IOException {
    return request.body().length == 0
        ? new Answers.Words(null, null)
        : request.message(Answers.Words.class);
  }

  private static String who(@Nullable String said, Request request) {
    String from = request.client().getHostAddress();
    return said == null || said.isBlank() ? from : said.strip();
  }
}
