package oca.server.upstream;

import io.netty.handler.ssl.SslContext;
import java.time.InstantSource;
import oca.model.RendezvousScore;
import org.jspecify.annotations.Nullable;

/**
 * One upstream and all that is shared of it by event loops. Safe on any thread.
 *
 * @param tls null for one that is not at https
 * @param hash by which questions are shared out
 */
record Upstream(
    String url,
    boolean isPeer,
    Authority authority,
    String hostField,
    @Nullable SslContext tls,
    long hash,
    Addresses addresses,
    Pool pool,
    Health health,
    Tally tally) {

  static Upstream of(
      UpstreamsConfig.Server server,
      boolean isPeer,
      UpstreamsConfig config,
      Resolver resolver,
      @Nullable SslContext tls,
      InstantSource clock) {
    Authority authority = Authority.of(server.url());
    String url = authority.toString();
    return new Upstream(
        url,
        isPeer,
        authority,
        server.host().orElse(authority.hostField()),
        authority.tls() ? tls : null,
        RendezvousScore.hash(url),
        new Addresses(authority, resolver, config.resolve()),
        new Pool(config.pool()),
        new Health(url, config.breaker(), clock),
        new Tally());
  }

  double score(long affinity) {
    return RendezvousScore.of(affinity, hash, 1);
  }

  UpstreamStatus status() {
    String whyNot = health.whyNot();
    return new UpstreamStatus(
        url,
        isPeer,
        addresses.known().stream().map(Object::toString).toList(),
        whyNot == null,
        whyNot == null ? "" : whyNot,
        health.breaker(),
        tally.inFlight.get(),
        pool.open(),
        pool.waiting(),
        tally.requests.sum(),
        tally.bytes.sum(),
        tally.failures(),
        tally.retries.sum(),
        tally.hedges.sum(),
        tally.hedgesWon.sum(),
        addresses.failures());
  }
}
