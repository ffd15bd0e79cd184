package oca.steering.http;

import java.nio.file.Path;
import java.util.Optional;
import oca.config.Default;

/**
 * How an appliance shows who it is; what is given may be used, any of it.
 *
 * @param tokens a file of lines {@code appliance-id SHA-256}, the digest of the appliance's bearer
 *     token in hexadecimal digits; an appliance may have several, to change them one by one
 * @param sharedToken a file with one bearer token, by which whoever has it may speak for any
 *     appliance
 * @param certificates whether a client certificate counts: its DNS names, or where it has none its
 *     common name, are the appliances that it speaks for
 */
public record ApplianceAccess(
    Optional<Path> tokens, Optional<Path> sharedToken, @Default("false") boolean certificates) {

  public ApplianceAccess {
    if (tokens.isEmpty() && sharedToken.isEmpty() && !certificates) {
      throw new IllegalArgumentException(
          "appliances must name tokens, sharedToken or certificates: true; nobody could report");
    }
  }
}
