/**
 * What players tell of their playing (CMCD event reports, CTA-5004-A), and what follows for the
 * appliances that served them: {@link oca.steering.qoe.Quality}.
 *
 * <p>An appliance may be well by all that it says and still hurt its players. Their reports are
 * counted for it, and when they are worse than those of the rest of the fleet, its share of new
 * players shrinks, down to a floor, and comes back with time. Reports prove nothing about who sends
 * them, so what one network can move is bounded. {@code Quality} is arithmetic that is told the
 * time; {@link oca.steering.qoe.QoeEndpoint} runs on the listener's threads. Knows the fleet's
 * snapshot and the ranker's {@code Shares}, and nothing of ranking.
 */
@NullMarked
package oca.steering.qoe;

import org.jspecify.annotations.NullMarked;
