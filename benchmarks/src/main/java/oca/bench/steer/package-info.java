/**
 * What steering costs on a table of the Internet's size.
 *
 * <p>Main type: {@link oca.bench.steer.ForwardingTableBenchmark}. {@link oca.bench.steer.Internet}
 * makes the routes from a seed. One thread. Knows the routes' room of the steering service only.
 */
@NullMarked
package oca.bench.steer;

import org.jspecify.annotations.NullMarked;
