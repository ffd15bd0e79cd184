/**
 * Where a client's address is on the earth, by a database file that the operator brings.
 *
 * <p>Main type: {@link oca.steering.geo.GeoDatabase}. Any thread may ask; one thread of its own
 * looks whether the file was replaced. Routes say more about the network than the map does, so this
 * is asked only where they say nothing, or prefer no one site. Knows no site, no appliance and no
 * HTTP.
 */
@NullMarked
package oca.steering.geo;

import org.jspecify.annotations.NullMarked;
