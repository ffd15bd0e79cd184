package oca.operate;

import java.util.ArrayList;
import java.util.List;
import oca.protocol.Json;

/** What is wrong by what a process says of itself. Pure. */
final class StatusFindings {
  private static final double NEARLY_ALL = 0.9;
  private static final long CERTIFICATE_WARN = 14L * 86_400;
  private static final long CERTIFICATE_FAIL = 2L * 86_400;

  private StatusFindings() {}

  static List<Finding> of(String process, Json status) {
    return switch (process) {
      case "appliance" -> appliance(status);
      case "steering" -> steering(status);
      default -> controller(status);
    };
  }

  private static List<Finding> appliance(Json status) {
    List<Finding> found = new ArrayList<>();
    if (status.at("state").text().equals("draining")) {
      found.add(
          Finding.warn("draining", "asks for no new viewers", "take them again: oca undrain"));
    }
    List<Json> volumes = status.at("store", "volumes").items();
    for (Json volume : volumes) {
      disk(found, volume);
    }
    if (volumes.stream().noneMatch(it -> it.at("inService").isTrue())) {
      found.add(
          Finding.fail("store", "no disk is in service: nothing is served", "see oca disk list"));
    }
    places(found, status);
    certificate(found, status.at("edge"));
    for (Json sink : status.at("records", "sinks").items()) {
      if (sink.at("failing").isTrue()) {
        found.add(
            Finding.warn(
                "records",
                "serve records cannot be delivered (" + sink.at("name").text() + ")",
                sink.at("name").text().equals("post")
                    ? "is the controller reached? See records.target"
                    : "is the disk of records.file full or failing?"));
      }
    }
    for (Json service : status.at("pull", "services").items()) {
      for (Json upstream : service.at("upstreams").items()) {
        if (!upstream.at("healthy").isTrue()) {
          found.add(
              Finding.warn(
                  "upstream",
                  upstream.at("url").text() + " is not asked: " + upstream.at("whyNot").text(),
                  "see that the upstream of " + service.at("name").text() + " answers"));
        }
      }
    }
    return found;
  }

  private static void disk(List<Finding> found, Json volume) {
    String path = volume.at("path").text();
    switch (volume.at("state").text()) {
      case "out-of-service" ->
          found.add(
              Finding.fail(
                  "disk",
                  path + " is out of service after " + volume.at("errors").number() + " errors",
                  "see the kernel's log, then oca disk replace " + path + " NEW"));
      case "draining" ->
          found.add(
              Finding.warn(
                  "disk",
                  path
                      + " is draining, "
                      + Figures.count(volume.at("files").number())
                      + " files are still on it",
                  "when it is empty: oca disk detach; to keep it: oca disk undrain"));
      default -> {
        if (volume.at("errors").number() > 0) {
          found.add(
              Finding.warn(
                  "disk",
                  path + " had " + volume.at("errors").number() + " errors since the start",
                  "see the kernel's log and smartctl"));
        }
      }
    }
  }

  private static void places(List<Finding> found, Json status) {
    long open = status.at("connections").number();
    long limit = status.at("connectionLimit").number();
    if (limit > 0 && open >= NEARLY_ALL * limit) {
      found.add(
          Finding.warn(
              "connections",
              Figures.count(open) + " of " + Figures.count(limit) + " are open",
              "raise http.maxConnections, or have steering send less: is bitsPerSecond right?"));
    }
    long direct = status.at("engine", "directBytes").number();
    long most = status.at("engine", "directLimit").number();
    if (most > 0 && direct >= NEARLY_ALL * most) {
      found.add(
          Finding.warn(
              "memory",
              Figures.bytes(direct) + " of " + Figures.bytes(most) + " outside the heap are taken",
              "raise -XX:MaxDirectMemorySize; see oca_direct_memory_bytes"));
    }
  }

  private static void certificate(List<Finding> found, Json edge) {
    long left = edge.at("certificateSecondsLeft").number();
    if (left != 0 && left < CERTIFICATE_WARN) {
      String what = left < 0 ? "has expired" : "expires in " + Figures.time(left);
      String fix = "replace it, then POST /v1/reload";
      found.add(
          left < CERTIFICATE_FAIL
              ? Finding.fail("certificate", what, fix)
              : Finding.warn("certificate", what, fix));
    }
  }

  private static List<Finding> steering(Json status) {
    List<Finding> found = new ArrayList<>();
    if (status.at("ready").isThere() && !status.at("ready").isTrue()) {
      found.add(
          Finding.warn(
              "steering",
              "is not ready: it has heard of too few appliances since its start",
              "do appliances reach it? See heartbeat.steering of theirs"));
    }
    Json fleet = status.at("fleet");
    if (fleet.at("frozen").isTrue()) {
      found.add(
          Finding.fail(
              "fleet",
              fleet.at("lost").number()
                  + " of "
                  + fleet.at("of").number()
                  + " appliances fell silent at once; nobody is evicted",
              "is the network to them down? If they are gone for good: POST /v1/thaw"));
    }
    Json catalog = status.at("catalog");
    if (catalog.at("reachable").isThere() && !catalog.at("reachable").isTrue()) {
      found.add(
          Finding.warn(
              "steering",
              "cannot reach the catalogue; version "
                  + catalog.at("version").text("none")
                  + " is in force",
              "does the origin answer? See catalog in steering.yaml"));
    }
    return found;
  }

  private static List<Finding> controller(Json status) {
    List<Finding> found = new ArrayList<>();
    problem(found, "plan", status.at("plan", "problem"), "see the controller's log");
    problem(found, "catalogue", status.at("catalog", "problem"), "does the origin answer?");
    problem(found, "calendar", status.at("calendar", "problem"), "see forecast.calendar");
    problem(
        found, "plan", status.at("plans", "alert"), "look at it by oca fill diff, then apply it");
    for (Json appliance : status.at("appliances").items()) {
      if (!appliance.at("alive").isTrue()) {
        found.add(
            Finding.warn(
                "fleet",
                appliance.at("id").text() + " does not report to the controller",
                "is it running, and does it reach the controller?"));
      }
    }
    return found;
  }

  private static void problem(List<Finding> found, String about, Json problem, String fix) {
    if (!problem.text().isEmpty()) {
      found.add(Finding.warn(about, problem.text(), fix));
    }
  }
}
