package oca.server.pull;

import java.util.ArrayList;
import java.util.List;

/** HTTP caching. */
class Rfc9111Test extends Conformance {

  @Override
  String title() {
    return "RFC 9111: HTTP caching";
  }

  @Override
  List<Case> cases() {
    List<Case> all = new ArrayList<>();
    all.addAll(FreshnessCases.all());
    all.addAll(StoringCases.all());
    all.addAll(RequestCases.all());
    all.addAll(VaryCases.all());
    all.addAll(ValidationCases.all());
    all.addAll(InvalidationCases.all());
    return all;
  }
}
