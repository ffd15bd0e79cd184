/**
 * What steering costs on a table of the Internet's size and with a large fleet, within the process
 * and over HTTP.
 *
 * <p>Main types: {@link oca.bench.steer.ForwardingTableBenchmark}, for which {@link
 * oca.bench.steer.Internet} makes the routes from a seed; {@link oca.bench.steer.Decisions}; {@link
 * oca.bench.steer.SteerHttp} beside nginx, with {@link oca.bench.steer.SteerServer} and {@link
 * oca.bench.steer.GetClient} in processes of their own.
 */
@NullMarked
package oca.bench.steer;

import org.jspecify.annotations.NullMarked;
