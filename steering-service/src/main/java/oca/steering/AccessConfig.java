package oca.steering;

import java.util.Optional;
import oca.config.Default;
import oca.protocol.http.ConnectionLimits;
import oca.protocol.http.ControlCredentials;
import oca.protocol.http.ListenerTls;
import oca.steering.http.ApplianceAccess;

/**
 * Who may come in, and how.
 *
 * @param tls to speak TLS on {@code listen}, and nothing else; absent, HTTP in the clear
 * @param appliances who may report as an appliance; absent, whoever reaches the listener
 * @param connections how many, and for how long
 * @param catalog what is shown to the publisher of the catalogue
 */
public record AccessConfig(
    Optional<ListenerTls> tls,
    Optional<ApplianceAccess> appliances,
    @Default("{}") ConnectionLimits connections,
    @Default("{}") ControlCredentials catalog) {

  public AccessConfig {
    boolean byCertificate = appliances.map(ApplianceAccess::certificates).orElse(false);
    if (byCertificate && tls.flatMap(ListenerTls::clientCertificates).isEmpty()) {
      throw new IllegalArgumentException(
          "appliances.certificates needs tls.clientCertificates: the authorities that sign them");
    }
  }
}
