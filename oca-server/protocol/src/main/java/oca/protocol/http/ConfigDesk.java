package oca.protocol.http;

import java.util.List;
import oca.config.Effective.Change;
import oca.config.Effective.Setting;
import oca.config.Running;
import oca.config.Running.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A process's configuration, for its operator:
 *
 * <pre>
 * GET  /v1/config         {@link Page}: every value in force, who said it, and what waits
 * POST /v1/config/reload  has it read again, as SIGHUP does: {@link Reloaded}, or 422 with the
 *                         problems, and all is as it was
 * </pre>
 *
 * Secrets are files, and of addresses user and password are hidden.
 */
public final class ConfigDesk {
  private static final String PAGE = "/v1/config";
  private static final String RELOAD = "/v1/config/reload";
  private static final int UNPROCESSABLE = 422;

  private ConfigDesk() {}

  /**
   * All values.
   *
   * @param settings in the order of the records
   */
  public record Page(List<Running.Line> settings) {
    public Page {
      settings = List.copyOf(settings);
    }
  }

  /**
   * What reading it again led to.
   *
   * @param changed what came into force
   * @param waiting what waits for a restart
   */
  public record Reloaded(List<Difference> changed, List<Difference> waiting) {
    public Reloaded {
      changed = List.copyOf(changed);
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * A value that is another than before.
   *
   * @param before null when there was none
   * @param after null when there is none any more
   * @param origin where {@code after} stands
   */
  public record Difference(
      String key, @Nullable String before, @Nullable String after, @Nullable String origin) {

    private static Difference of(Change change) {
      Setting after = change.after();
      return new Difference(
          change.key(),
          change.before() == null ? null : Running.shown(change.before().value()),
          after == null ? null : Running.shown(after.value()),
          after == null ? null : after.origin());
    }
  }

  /** Answers on a listener that only operators reach. */
  public static void addTo(ControlListener listener, Running<?> config) {
    listener
        .route("GET", PAGE, _ -> Response.message(new Page(config.lines())))
        .route("POST", RELOAD, _ -> reload(config));
  }

  /** Answers on a listener that others reach too: callers on the machine itself. */
  public static void addForThisMachineTo(ControlListener listener, Running<?> config) {
    addTo(listener, config);
    listener.guard(PAGE, ConfigDesk::fromHere).guard(RELOAD, ConfigDesk::fromHere);
  }

  private static Response reload(Running<?> config) {
    return switch (config.order()) {
      case Outcome.Done(List<Change> changed, List<Change> waiting) ->
          Response.message(
              new Reloaded(
                  changed.stream().map(Difference::of).toList(),
                  waiting.stream().map(Difference::of).toList()));
      case Outcome.Refused(String why) -> Response.problem(UNPROCESSABLE, why);
    };
  }

  private static @Nullable Response fromHere(Request head) {
    return head.client().isLoopbackAddress()
        ? null
        : Response.problem(403, "this is for callers on the machine itself");
  }
}
