/**
 * Range serving, compared with other servers on this machine: {@link oca.bench.serve.Comparison} is
 * the run, {@link oca.bench.serve.RangeServingBenchmark} the same by JMH. Beside it {@link
 * oca.bench.serve.Soak}, {@link oca.bench.serve.IdleConnections} and {@link oca.bench.serve.Abuse}.
 *
 * <p>The servers are processes of their own ({@link oca.bench.serve.ServerProcess} ours, the peers
 * from the templates in the resources), and so is the one client ({@link
 * oca.bench.serve.LoadClient}); each is pinned to its cores. All serve the same bytes, which follow
 * from their place in the file, so that the client can tell right ones from wrong ones. Rounds are
 * interleaved: every server in turn, then again. One thread drives; it never runs while a window is
 * measured. Nothing here knows how a server of ours works inside.
 */
@NullMarked
package oca.bench.serve;

import org.jspecify.annotations.NullMarked;
