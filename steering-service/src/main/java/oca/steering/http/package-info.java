/**
 * What steering says over HTTP: {@link oca.steering.http.SteeringEndpoint} to players and
 * operators, {@link oca.steering.http.ApplianceEndpoint} to appliances.
 *
 * <p>Renders decisions and decides nothing itself: an answer and its explanation are two renderings
 * of the same {@link oca.steering.rank.Decision}. A player never gets a 4xx: what it asks oddly is
 * answered with the origin. Runs on the listener's virtual threads; reads immutable snapshots
 * through suppliers and knows none of the objects that write them.
 */
@NullMarked
package oca.steering.http;

import org.jspecify.annotations.NullMarked;
