package oca.steering.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Position;
import oca.protocol.SteeringRecord;
import oca.steering.fleet.Freeze;
import oca.steering.fleet.Member;
import oca.steering.rank.Ask;
import oca.steering.routes.ForwardingTable.SitePath;
import org.jspecify.annotations.Nullable;

/**
 * One line of a file of decisions; exactly one component is given. What a decision was made from
 * stands before it, in the same file: each line holds until another says otherwise.
 *
 * <pre>
 * {"setup": ...}      first in each file, and when it is another than before
 * {"member": ...}     an appliance as it was known
 * {"freeze": ...}     whether leases were let run out
 * {"shares": ...}     what players left of whose viewers, by number; who is not named has all
 * {"files": ...}      files that are asked for together, and who held them
 * {"decision": ...}   one answer
 * </pre>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Line(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Setup setup,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Known member,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Freeze freeze,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<Integer, Double> shares,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Held files,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Made decision) {

  /**
   * A member.
   *
   * @param told whether it had said what it holds since it was started
   */
  record Known(Member member, boolean told) {}

  /**
   * Files and their holders.
   *
   * @param name by which asks refer to them
   * @param sets the different sets of holders, by the members' numbers
   * @param of for each file which of the sets is its own
   */
  record Held(String name, List<ContentId> files, List<List<Integer>> sets, List<Integer> of) {
    Held {
      files = List.copyOf(files);
      of = List.copyOf(of);
      if (files.size() != of.size()) {
        throw new IllegalArgumentException("files and their sets differ in number");
      }
    }
  }

  /**
   * A decision: what came out, and what else went in.
   *
   * @param prefix as routes know the asker; null when they do not
   * @param paths of the sites that lead there
   * @param viewer where the asker was; null when that was not known
   * @param files the name of the files asked for; empty when they were not known
   * @param current the appliance in use; null when none was
   */
  record Made(
      SteeringRecord record,
      long nowNanos,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String prefix,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SitePath> paths,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Position viewer,
      String files,
      Ask.Form form,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ApplianceId current,
      long draw) {
    Made {
      paths = paths == null ? List.of() : List.copyOf(paths);
    }
  }

  static Line of(Setup setup) {
    return new Line(setup, null, null, null, null, null);
  }

  static Line of(Known member) {
    return new Line(null, member, null, null, null, null);
  }

  static Line of(Freeze freeze) {
    return new Line(null, null, freeze, null, null, null);
  }

  static Line of(Map<Integer, Double> shares) {
    return new Line(null, null, null, shares, null, null);
  }

  static Line of(Held files) {
    return new Line(null, null, null, null, files, null);
  }

  static Line of(Made decision) {
    return new Line(null, null, null, null, null, decision);
  }
}
