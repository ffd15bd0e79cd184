package oca.steering.play;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.steering.fleet.Member;
import oca.steering.play.PlayerManifest.Clone;
import oca.steering.play.PlayerManifest.Form;
import oca.steering.play.PlayerManifest.Replacement;

/**
 * The pathways of an answer: the appliances chosen, best first, then the origin. Pure.
 *
 * <p>An appliance that the playlist names has that pathway; any other is a clone of the origin's in
 * which the host differs. What a clone's host means is where players part: HLS players keep the
 * port of the URI and ignore a host that brings its own; dash.js (5.2.1, read and tried) puts the
 * host in place of host and port. So an appliance must listen on the origin's port, HLS is told the
 * host alone, and DASH is told the port as well where it is not the scheme's own.
 *
 * <p>shaka (5.2.12) as it is shipped finds no clone at all, because its compiler renames the key
 * {@code ID}; it follows the pathways that the playlist itself names, two at least. So an appliance
 * has the same plain id in every answer, and a playlist may name it by that; it stands behind the
 * clone with new tokens too. dash.js knows a clone only from the answer in hand, so each answer has
 * them all.
 *
 * <p>An id stands for one place for ever, because hls.js keeps each clone as it first was: another
 * place, or other URIs, have another id.
 *
 * <p>Two pathways at least: with one, hls.js has none to go to when a request fails. Behind the
 * origin there is then a spare one, which is its clone at another host or, when there is no other,
 * at the same.
 *
 * @param priority best first, each once
 * @param clones of those in {@code priority} that the playlist does not name
 */
record Pathways(List<String> priority, List<Clone> clones) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** No appliance's pathway has a word behind its dot. */
  private static final String SPARE = ".spare";

  /**
   * What is the same for all answers.
   *
   * @param originId the origin's pathway
   * @param origin where it is
   * @param spareOrigins hosts beside it
   * @param named pathways of the playlists, by appliance
   * @param clones whether others are offered
   */
  record Rules(
      String originId,
      Endpoint origin,
      List<String> spareOrigins,
      Map<ApplianceId, String> named,
      boolean clones) {}

  /** New URIs for what a player plays, where its tokens run out. */
  interface Renewal {
    /** The URIs stay as they are in the playlist. */
    Renewal NONE =
        new Renewal() {
          @Override
          public String suffix() {
            return "";
          }

          @Override
          public Map<String, String> uris(Endpoint at) {
            return Map.of();
          }
        };

    /** What a clone's id ends in, so that it is no other's; empty for none. */
    String suffix();

    /** Media playlists at a place, by stable id. */
    Map<String, String> uris(Endpoint at);
  }

  Pathways {
    priority = List.copyOf(priority);
    clones = List.copyOf(clones);
  }

  /** The pathways to those appliances, of which none has two. */
  static Pathways to(List<Member> chosen, Form form, Renewal renewal, Rules rules) {
    SequencedSet<String> priority = new LinkedHashSet<>();
    List<Clone> clones = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    boolean isRenewed = !renewal.suffix().isEmpty();
    for (Member member : chosen) {
      String named = rules.named().get(member.id());
      String plainId = named == null ? member.pathway() : named;
      if (named != null || isRenewed) {
        (isRenewed ? plain : priority).add(plainId);
      }
      String id = member.pathway() + renewal.suffix();
      // A name that the playlist gives to somebody else is not to be had.
      boolean isFree = !rules.named().containsValue(id);
      if (rules.clones() && (named == null || isRenewed) && isFree && priority.add(id)) {
        clones.add(
            clone(rules, id, host(form, member.endpoint()), renewal.uris(member.endpoint())));
      }
    }
    // Those that the playlist may name, with tokens that end sooner, behind those with new ones.
    priority.addAll(plain);
    priority.add(rules.originId());
    addSpares(priority, clones, form, rules);
    return new Pathways(List.copyOf(priority), clones);
  }

  private static void addSpares(
      SequencedSet<String> priority, List<Clone> clones, Form form, Rules rules) {
    int number = 0;
    for (String host : rules.clones() ? rules.spareOrigins() : List.<String>of()) {
      number++;
      String id = rules.originId() + SPARE + "-" + number;
      String there = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      Endpoint at = new Endpoint(there, rules.origin().port());
      priority.add(id);
      clones.add(clone(rules, id, host(form, at), Map.of()));
    }
    if (priority.size() > 1) {
      return;
    }
    if (rules.clones()) {
      String id = rules.originId() + SPARE;
      priority.add(id);
      clones.add(clone(rules, id, host(form, rules.origin()), Map.of()));
    } else {
      rules.named().values().stream().sorted().findFirst().ifPresent(priority::add);
    }
  }

  private static Clone clone(Rules rules, String id, String host, Map<String, String> uris) {
    return new Clone(rules.originId(), id, new Replacement(host, uris, uris));
  }

  private static String host(Form form, Endpoint endpoint) {
    boolean portIsKnown = endpoint.port() == HTTP_PORT || endpoint.port() == HTTPS_PORT;
    return switch (form) {
      case HLS -> urlHost(endpoint.host());
      case DASH -> portIsKnown ? urlHost(endpoint.host()) : endpoint.toString();
    };
  }

  private static String urlHost(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
