/**
 * Which network a viewer's address is in, and which sites lead there, best first: by the longest
 * prefix, then the length of the AS path, then MED.
 *
 * <p>Sources of routes write feeds, one for each view of the Internet that a site has; {@link
 * oca.steering.routes.RoutingTable} keeps what they say, any thread, and compiles it on a thread of
 * its own into the main type, {@link oca.steering.routes.ForwardingTable}: immutable, any thread.
 * Addresses are parsed here without ever asking DNS. Knows nothing of appliances, content or HTTP.
 */
@NullMarked
package oca.steering.routes;

import org.jspecify.annotations.NullMarked;
