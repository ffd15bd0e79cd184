package oca.steering;

import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.Address;
import oca.model.Position;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.rank.Ask;
import oca.steering.rank.Decider;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.rank.Shares;
import oca.steering.routes.ForwardingTable;
import org.jspecify.annotations.Nullable;

/**
 * Asks the ranker with the newest routes and shares. The map is asked only for what routes leave
 * open.
 *
 * @param places where an address is on the earth; null when that is not known
 * @param nanoClock of the leases
 */
record LiveDecider(
    Supplier<Ranker> ranker,
    Supplier<ForwardingTable> routes,
    Function<Address, @Nullable Position> places,
    Supplier<Shares> shares,
    LongSupplier nanoClock)
    implements Decider {
  @Override
  public Decision decide(Address client, Ask ask, FleetSnapshot fleet) {
    ForwardingTable.Match match = routes.get().lookup(client);
    Position position = match != null && match.prefersOne() ? null : places.apply(client);
    return ranker.get().decide(match, position, ask, fleet, shares.get(), nanoClock.getAsLong());
  }
}
