/**
 * What players get: {@link oca.steering.play.PlaybackEndpoint} gives ranked signed URLs, redirects,
 * and the steering manifests of HLS and DASH.
 *
 * <p>Renders decisions and decides nothing itself. What is to be known of a session travels with
 * the player, sealed ({@link oca.steering.play.StateSeal}), so that every replica that reads the
 * same key file answers alike. A player that follows a manifest gets 200 whatever it asks, because
 * to most of them anything else means the end of steering. Runs on the listener's threads and
 * blocks on nothing; reads immutable snapshots through suppliers. Knows neither who writes the
 * snapshots nor any sibling but the ranker; only {@link oca.steering.play.PlaybackKeys} reads a
 * file.
 */
@NullMarked
package oca.steering.play;

import org.jspecify.annotations.NullMarked;
