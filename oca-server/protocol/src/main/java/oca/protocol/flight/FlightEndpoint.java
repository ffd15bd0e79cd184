package oca.protocol.flight;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;

/**
 * Recordings for operators.
 *
 * <pre>
 * GET  /v1/flights   {@link Flights}
 * POST /v1/flights   keeps the last minutes, answers their {@link Flight}; 409 with the reason when
 *                    nothing is recorded, it cannot be written, or one was kept a moment ago
 * </pre>
 */
public final class FlightEndpoint {
  private final FlightRing ring;

  /** Of one process. */
  public FlightEndpoint(FlightRing ring) {
    this.ring = ring;
  }

  /**
   * What is kept.
   *
   * @param status how the recording does
   * @param folder where they are; empty when nothing is to be recorded
   * @param ringSeconds how far back the recording goes
   * @param ringBytes the most that it takes
   * @param flights the newest first
   */
  public record Flights(
      FlightStatus status, String folder, long ringSeconds, long ringBytes, List<Flight> flights) {
    public Flights {
      flights = List.copyOf(flights);
    }
  }

  /** Has a listener answer. */
  public void addTo(ControlListener listener) {
    listener
        .route("GET", "/v1/flights", _ -> Response.message(flights()))
        .route("POST", "/v1/flights", _ -> ask());
  }

  private Flights flights() throws IOException {
    Path folder = ring.place().orElse(null);
    return new Flights(
        ring.status(),
        folder == null ? "" : folder.toString(),
        ring.config().ring().toSeconds(),
        ring.config().ringSize().bytes(),
        folder == null ? List.of() : FlightFolder.list(folder));
  }

  private Response ask() {
    try {
      return Response.message(ring.ask());
    } catch (IOException e) {
      return Response.problem(409, String.valueOf(e.getMessage()));
    }
  }
}
