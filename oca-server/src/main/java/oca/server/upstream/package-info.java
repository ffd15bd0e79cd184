/**
 * The client's side: asks an upstream (an origin, a shield, a peer) one HTTP/1.1 request and hands
 * its answer over as it comes, strictly checked (RFC 9112). Begin with {@link
 * oca.server.upstream.Upstreams}.
 *
 * <p>It decides where, how long and how often is asked: an {@code Ask} stands for one question, an
 * {@code Attempt} for one try of it at one {@code Upstream}, a {@code Connection} for one socket.
 * Each of these lives on the event loop of whoever asks, so that no byte changes threads; what
 * loops share is an upstream's health, its names and its number of connections. Nothing here blocks
 * a loop. It knows nothing of caching but header sections, and nothing of stores.
 */
@NullMarked
package oca.server.upstream;

import org.jspecify.annotations.NullMarked;
