/**
 * Learns routes from routers that report what their peers tell them (BMP, RFC 7854).
 *
 * <p>Main type: {@link oca.steering.routes.bmp.BmpReceiver}. One virtual thread per router. What a
 * peer told and what the router's policy made of it are two views that never meet: a router may
 * well withdraw in the one what stands in the other. Loc-RIB (RFC 9069) and Adj-RIB-Out (RFC 8671)
 * are counted and left out: they repeat, merged, what the peers' views say one by one. Reads BGP by
 * {@code bgp.wire}; knows nothing of sessions or tables.
 */
@NullMarked
package oca.steering.routes.bmp;

import org.jspecify.annotations.NullMarked;
