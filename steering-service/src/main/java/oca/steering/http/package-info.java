/**
 * What steering says over HTTP: {@link oca.steering.http.SteeringEndpoint} to players and
 * operators, {@link oca.steering.http.ApplianceEndpoint} to appliances, {@link
 * oca.steering.http.RoutesEndpoint} to who runs the network.
 *
 * <p>Renders decisions and decides nothing itself: an answer and its explanation are two renderings
 * of the same {@link oca.steering.rank.Decision}. A player never gets a 4xx: what it asks oddly is
 * answered with the origin. Answers to players are made on the listener's event loops, from memory;
 * the others on its virtual threads. Reads immutable snapshots through suppliers and knows none of
 * the objects that write them. What steering says over HTTP to operators, {@link
 * oca.steering.http.SteeringEndpoint}, and to appliances, {@link
 * oca.steering.http.ApplianceEndpoint}; players are answered in {@code play}.
 *
 * <p>Renders decisions and decides nothing itself: an answer and its explanation are two renderings
 * of the same {@link oca.steering.rank.Decision}. Runs on the listener's virtual threads; reads
 * immutable snapshots through suppliers and knows none of the objects that write them.
 */
@NullMarked
package oca.steering.http;

import org.jspecify.annotations.NullMarked;
