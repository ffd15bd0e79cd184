/**
 * Learns routes from the routers of sites over BGP-4 sessions that they open.
 *
 * <p>Main type: {@link oca.steering.routes.bgp.BgpListener}. It never connects and never announces:
 * it only listens. One virtual thread per connection, bounded by the configuration; a {@link
 * oca.steering.routes.bgp.Neighbor} outlives its sessions and keeps routes through a graceful
 * restart. Knows nothing of how routes of several views become one table. TCP MD5 (RFC 2385) and
 * TCP-AO are out of scope, for the JDK cannot set them: let the path be a private one.
 */
@NullMarked
package oca.steering.routes.bgp;

import org.jspecify.annotations.NullMarked;
