/**
 * Content that is not pre-positioned: by service, asked of upstreams when it is wanted, kept, and
 * given to all who want it as it comes ({@link oca.server.pull.PullSource}). The decisions are
 * {@code oca.server.caching}'s, the connections {@code oca.server.upstream}'s and the bytes {@code
 * oca.store.pull}'s; here they come together.
 *
 * <p>What is kept for one target is changed on one event loop only, the target's own, and read by
 * all as immutable values.
 */
@NullMarked
package oca.server.pull;

import org.jspecify.annotations.NullMarked;
