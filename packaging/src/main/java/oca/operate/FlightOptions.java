package oca.operate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.protocol.Json;
import oca.protocol.flight.Flight;
import oca.protocol.flight.FlightFolder;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose flight recordings a command is about. */
final class FlightOptions {
  private static final String TARGET = "/v1/flights";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();

  /** Which process. */
  enum Whom {
    /** By its admin listener. */
    APPLIANCE,
    /** By its operators' listener. */
    STEERING,
    /** By its listener. */
    CONTROLLER
  }

  @Option(
      names = "--of",
      paramLabel = "PROCESS",
      description = "appliance (the default), steering or controller")
  private Whom whom = Whom.APPLIANCE;

  @Option(
      names = "--controller",
      paramLabel = "URL",
      defaultValue = "${env:OCA_CONTROLLER}",
      description = "the fill controller; default OCA_CONTROLLER, else " + StatusCommand.CONTROLLER)
  private @Nullable String controller;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "ask nobody, look into that folder: for a process that is not running")
  private @Nullable Path folder;

  /** What is kept, as the process tells it, or as it lies in the folder. */
  Json all() throws IOException {
    Path where = folder;
    if (where == null) {
      return door().get(TARGET);
    }
    List<Json> flights = new ArrayList<>();
    for (Flight flight : FlightFolder.list(where)) {
      flights.add(json(flight));
    }
    return Json.of(Map.of("folder", where.toAbsolutePath().toString(), "flights", flights));
  }

  private static Json json(Flight flight) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", flight.name());
    fields.put("path", flight.path());
    fields.put("at", flight.at().toString());
    fields.put("cause", flight.cause());
    fields.put("bytes", flight.bytes());
    return Json.of(fields);
  }

  /** Has the process keep the last minutes. */
  Json keep() throws IOException {
    return door().post(TARGET, Json.of(Map.of()));
  }

  private Door door() throws IOException {
    return switch (whom) {
      case APPLIANCE -> admin.door();
      case STEERING -> steering.door(PATIENCE);
      case CONTROLLER ->
          new Door(
              new PlainClient(
                  controller == null ? StatusCommand.CONTROLLER : controller,
                  PATIENCE,
                  Optional.empty()));
    };
  }
}
