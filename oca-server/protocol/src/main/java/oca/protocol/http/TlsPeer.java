package oca.protocol.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the other end of a TLS connection has proved. */
final class TlsPeer {
  private static final Logger log = LoggerFactory.getLogger(TlsPeer.class);

  private TlsPeer() {}

  /** The chain that was verified, the leaf first; empty when none was asked for or shown. */
  static List<X509Certificate> certificates(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      return List.of();
    }
    try {
      return Arrays.stream(tls.engine().getSession().getPeerCertificates())
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      log.trace("the client showed no certificate", e);
      return List.of();
    }
  }
}
