/**
 * Which network a viewer's address is in, and which site that network is at home with.
 *
 * <p>Main type: {@link oca.steering.routes.ForwardingTable}, immutable, any thread. {@link
 * oca.steering.routes.StaticRoutes} makes one from the configuration; further sources of routes
 * would make theirs beside it. Addresses are parsed here without ever asking DNS. Knows nothing of
 * appliances, content or HTTP.
 */
@NullMarked
package oca.steering.routes;

import org.jspecify.annotations.NullMarked;
