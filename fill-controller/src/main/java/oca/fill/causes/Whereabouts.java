package oca.fill.causes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import org.jspecify.annotations.Nullable;

/**
 * What records do not say of servers, files and clients, as it is known when they come. Whoever
 * feeds an {@link Attribution} asks this, so that all feed it the same.
 *
 * @param site where a server stands; null when nobody knows
 * @param origin whether a server is the origin
 * @param title of a file; null when it belongs to none
 * @param excluded whether a client's network is of appliances or monitors, and nobody's demand
 */
public record Whereabouts(
    Function<ApplianceId, @Nullable SiteId> site,
    Predicate<ApplianceId> origin,
    Function<ContentId, @Nullable String> title,
    Predicate<String> excluded) {

  /** Responses of a batch, in its order; those in networks of nobody's demand are left out. */
  public List<Served> served(ServeRecords batch) {
    SiteId stands = site.apply(batch.server());
    boolean isOrigin = origin.test(batch.server());
    List<Served> served = new ArrayList<>(batch.records().size());
    for (ServeRecord record : batch.records()) {
      if (!excluded.test(record.client())) {
        served.add(new Served(batch.server(), stands, isOrigin, group(record.file()), record));
      }
    }
    return served;
  }

  /** The group of an answer, see {@link Served#group}. */
  public String group(SteeringRecord answer) {
    return answer.file() == null ? answer.key() : group(answer.file());
  }

  private String group(ContentId file) {
    String known = title.apply(file);
    return known == null ? file.toString() : known;
  }
}
