package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** RFC 9111, section 4.4: what a request that changes things undoes. */
final class InvalidationCases {
  private static final String FRESH = "Cache-Control: max-age=60";

  private InvalidationCases() {}

  private static Case after(String name, String method, int status, String... fields) {
    return demand("4.4", name)
        .origin(FRESH)
        .get()
        .pulled()
        .origin(status, fields)
        .ask(method)
        .pulled()
        .toldMethod(method)
        .origin(FRESH);
  }

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "M-SEARCH", "UNKNOWN", "get")) {
      all.add(after(method + " undoes", method, 200).get().pulled());
      all.add(after(method + " that failed does not", method, 404).get().kept());
      all.add(after(method + " whose upstream failed does not", method, 500).get().kept());
    }
    for (int status : List.of(201, 202, 204, 302, 303)) {
      all.add(after("POST answered " + status + " undoes", "POST", status).get().pulled());
    }
    for (String method : List.of("SEARCH", "PROPFIND", "REPORT", "QUERY")) {
      all.add(after(method + ", which is safe, does not", method, 200).get().kept());
    }
    for (String field : List.of("Location", "Content-Location")) {
      all.add(other(field, "a path", "{path}/other", 201).get().pulled());
      all.add(
          other(field, "an address of the same origin", "http://{authority}{path}/other", 201)
              .get()
              .pulled());
      all.add(other(field, "a relative reference", "{name}/other", 201).get().pulled());
      all.add(
          other(field, "an address of another origin", "http://other.example{path}/other", 201)
              .get()
              .kept());
      all.add(other(field, "another port", "http://127.0.0.1:9{path}/other", 201).get().kept());
      all.add(other(field, "another scheme", "https://{authority}{path}/other", 201).get().kept());
      all.add(other(field, "a failure's", "{path}/other", 400).get().kept());
      all.add(
          demand("4.4", field + " of an answer to GET does not")
              .at("/other")
              .origin(FRESH)
              .get()
              .pulled()
              .at("")
              .origin(FRESH, field + ": {path}/other")
              .get()
              .pulled()
              .at("/other")
              .get()
              .kept());
    }
    all.add(
        demand("4.4", "all variants")
            .origin(FRESH, "Vary: X")
            .get("X: 1")
            .pulled()
            .get("X: 2")
            .pulled()
            .ask("POST")
            .pulled()
            .get("X: 1")
            .pulled()
            .get("X: 2")
            .pulled());
    all.add(
        demand("4.4", "another query stays")
            .origin(FRESH)
            .at("?a=1")
            .get()
            .pulled()
            .at("")
            .ask("POST")
            .pulled()
            .at("?a=1")
            .get()
            .kept());
    all.add(
        demand("4.4", "what was checked before")
            .origin("Cache-Control: no-cache", "ETag: \"a\"")
            .get()
            .pulled()
            .ask("DELETE")
            .pulled()
            .get()
            .pulled()
            .untold("If-None-Match"));
    return all;
  }

  private static Case other(String field, String what, String to, int status) {
    return demand("4.4", field + ": " + what)
        .at("/other")
        .origin(FRESH)
        .get()
        .pulled()
        .at("")
        .origin(status, field + ": " + to)
        .ask("POST")
        .pulled()
        .at("/other")
        .origin(FRESH);
  }
}
