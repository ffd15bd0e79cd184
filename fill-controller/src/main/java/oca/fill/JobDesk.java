package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import oca.fill.jobs.Answer;
import oca.fill.jobs.Command;
import oca.fill.jobs.FillEngine;
import oca.fill.jobs.Job;
import oca.fill.jobs.JobState;
import oca.fill.jobs.Standing;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillAsk;
import oca.protocol.FillProgress;
import oca.protocol.FillReport;
import oca.protocol.Inventory;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * The engine over HTTP.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>POST /v1/fill/asks</td><td>FillAsk to FillGrant, when there is one or the wait is over
 *     </td></tr>
 *   <tr><td>POST /v1/fill/progress</td><td>FillProgress, 204 when durable</td></tr>
 *   <tr><td>POST /v1/fill/reports, /v1/fill/inventories</td><td>what appliances told a controller
 *     that does not decide for them: 204</td></tr>
 *   <tr><td>GET /v1/jobs?appliance=&amp;state=&amp;cursor=&amp;limit=</td><td>a page of jobs</td>
 *     </tr>
 *   <tr><td>GET /v1/jobs/{job}</td><td>one, 404</td></tr>
 *   <tr><td>POST /v1/jobs/{job}/{pause|resume|cancel|reprioritise}</td><td>the job, 404, 409</td>
 *     </tr>
 * </table>
 *
 * <p>Where another controller decides: 307 to the address by which that one made itself known, or
 * 503 when nobody does just now.
 */
final class JobDesk {
  private static final int PAGE = 100;
  private static final int LONGEST_PAGE = 1_000;

  private final JobsConfig config;
  private final FillEngine engine;
  private final Polls polls;

  JobDesk(JobsConfig config, FillEngine engine, Polls polls) {
    this.config = config;
    this.engine = engine;
    this.polls = polls;
  }

  void routes(ControlListener listener) {
    listener
        .route("POST", "/v1/fill/asks", this::ask)
        .route("POST", "/v1/fill/progress", this::progress)
        .route("POST", "/v1/fill/reports", this::reported)
        .route("POST", "/v1/fill/inventories", this::inventory)
        .route("GET", "/v1/jobs", this::page)
        .route("GET", "/v1/jobs/", this::job)
        .route("POST", "/v1/jobs/", this::command);
  }

  private Response ask(Request request) throws IOException {
    FillAsk ask = request.message(FillAsk.class);
    ApplianceId appliance = ask.appliance();
    CompletableFuture<Polls.End> poll = polls.open(appliance);
    try {
      if (engine.ask(ask) instanceof Answer.Elsewhere elsewhere) {
        return elsewhere(elsewhere.address(), request);
      }
      Duration longest = polls.hasRoom() ? longest(ask) : Duration.ofMillis(1);
      return switch (polls.await(appliance, poll, ask.heard(), longest)) {
        case Polls.End.Told told -> Response.message(told.grant());
        case Polls.End.Moved _ -> elsewhere("", request);
      };
    } finally {
      if (polls.close(appliance, poll)) {
        engine.forget(appliance);
      }
    }
  }

  private Duration longest(FillAsk ask) {
    Duration asked = Duration.ofMillis(ask.waitMillis());
    return asked.isZero() || asked.compareTo(config.longestPoll()) > 0
        ? config.longestPoll()
        : asked;
  }

  private Response progress(Request request) throws IOException {
    return forwarded(engine.progress(request.message(FillProgress.class)), request);
  }

  private Response reported(Request request) throws IOException {
    return forwarded(engine.reported(request.message(FillReport.class)), request);
  }

  private Response inventory(Request request) throws IOException {
    Inventory inventory = request.message(Inventory.class);
    Set<ContentId> held = Set.copyOf(inventory.held());
    return forwarded(engine.inventory(inventory.appliance(), held), request);
  }

  private static Response forwarded(Answer answer, Request request) {
    return switch (answer) {
      case Answer.Taken _ -> Response.empty(204);
      case Answer.Elsewhere elsewhere -> elsewhere(elsewhere.address(), request);
    };
  }

  private Response page(Request request) throws IOException {
    ApplianceId appliance = request.parameter("appliance").map(ApplianceId::new).orElse(null);
    JobState state =
        request
            .parameter("state")
            .map(name -> choose(JobState.values(), name, "state"))
            .orElse(null);
    long after = request.parameter("cursor").map(text -> number(text, "cursor")).orElse(0L);
    long limit = request.parameter("limit").map(text -> number(text, "limit")).orElse((long) PAGE);
    int most = Math.clamp(limit, 1, LONGEST_PAGE);
    List<Job> jobs = engine.page(appliance, state, after, most);
    return Response.message(
        new JobAnswer.Page(
            jobs.stream().map(JobAnswer::of).toList(),
            jobs.size() < most ? null : (Long) jobs.getLast().number()));
  }

  private Response job(Request request) throws IOException {
    long number = number(request.tail(), "job");
    Optional<Job> job = engine.job(number);
    return job.isPresent()
        ? Response.message(JobAnswer.of(job.get()))
        : Response.problem(404, "there is no job " + number);
  }

  private Response command(Request request) throws IOException {
    String[] parts = request.tail().split("/", -1);
    if (parts.length != 2) {
      return Response.problem(404, "say POST /v1/jobs/{job}/{pause|resume|cancel|reprioritise}");
    }
    long number = number(parts[0], "job");
    Command.What what = choose(Command.What.values(), parts[1], "command");
    JobAnswer.Worth worth =
        what == Command.What.REPRIORITISE
            ? request.message(JobAnswer.Worth.class)
            : new JobAnswer.Worth(0, null);
    long deadline =
        worth.deadline() == null ? Standing.NO_DEADLINE : worth.deadline().toEpochMilli();
    String who = request.client().getHostAddress();
    return switch (engine.command(new Command(number, what, who, worth.value(), deadline))) {
      case Command.Outcome.Obeyed obeyed -> Response.message(JobAnswer.of(obeyed.job()));
      case Command.Outcome.Unknown _ -> Response.problem(404, "there is no job " + number);
      case Command.Outcome.Elsewhere elsewhere -> elsewhere(elsewhere.address(), request);
      case Command.Outcome.Refused refused -> Response.problem(409, refused.why());
    };
  }

  private static Response elsewhere(String address, Request request) {
    return address.isEmpty()
        ? Response.problem(503, "no controller decides for this appliance just now; ask again")
            .with("Retry-After", "1")
        : Response.empty(307).with("Location", address + request.path());
  }

  private static long number(String text, String what) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the " + what + " must be a number: " + text, e);
    }
  }

  private static <T extends Enum<T>> T choose(T[] values, String name, String what) {
    for (T value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    throw new IllegalArgumentException("there is no " + what + " " + name);
  }
}
