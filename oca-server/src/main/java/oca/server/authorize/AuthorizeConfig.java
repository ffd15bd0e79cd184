package oca.server.authorize;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.Default;
import oca.model.ContentPath;
import oca.protocol.token.KeyFile;
import oca.protocol.token.PathToken;

/**
 * Which files are served only to those who bring a token, and which tokens are good.
 *
 * @param protect folders whose files need a token, such as {@code /titles}; {@code /} for all; none
 *     of them, and all files are public
 * @param schemes the kinds of tokens that are accepted
 * @param keyFile where the keys are, see {@link KeyFile}; needed as soon as anything is protected
 * @param clockSkew by how much the signer's clock may be off; added at both ends of a token's time
 * @param packageName the URI signing package attribute (RFC 9246, section 2)
 * @param maxTokenLength the most characters of a JWT; our own tokens are bounded by their format
 * @param signedBases scheme, host and port of the URIs that are signed, such as {@code
 *     https://cdn.example}. What {@code cdniuc} is compared with begins with one of these, not with
 *     what the client's Host field says.
 * @param audience what a JWT's {@code aud} must name, if it has one
 * @param nonces what becomes of JWTs with a {@code jti}
 * @param cachedTokens JWTs that each event loop remembers as checked, so that a public-key
 *     signature is verified once a session and not once a request
 * @param cachedPatterns patterns of {@code cdniuc} that each event loop keeps compiled
 */
public record AuthorizeConfig(
    List<String> protect,
    @Default("[path-token]") List<Scheme> schemes,
    Optional<Path> keyFile,
    @Default("5s") Duration clockSkew,
    @Default("URISigningPackage") String packageName,
    @Default("2048") int maxTokenLength,
    List<URI> signedBases,
    Optional<String> audience,
    @Default("refuse") Nonces nonces,
    @Default("4096") int cachedTokens,
    @Default("64") int cachedPatterns) {
  private static final int MAX_ROOTS = 256;
  private static final int MAX_BASES = 8;

  /** A kind of token. */
  public enum Scheme {
    /** Our own, as the first segment of the path: {@link PathToken}. */
    PATH_TOKEN,
    /** JWTs as RFC 9246 has them. */
    URI_SIGNING
  }

  /** What becomes of a JWT that is to be used once only. */
  public enum Nonces {
    /**
     * It is refused, as RFC 9246, section 2.1.7, wants of a server that remembers no nonces. A
     * player asks for one file in many ranges, and at several servers: none could keep the promise.
     */
    REFUSE,
    /** Its {@code jti} is ignored, for signers that put one into every token. */
    IGNORE
  }

  public AuthorizeConfig {
    protect = List.copyOf(protect);
    schemes = List.copyOf(schemes);
    signedBases = List.copyOf(signedBases);
    protect.forEach(AuthorizeConfig::checkRoot);
    signedBases.forEach(AuthorizeConfig::checkBase);
    if (protect.size() > MAX_ROOTS || signedBases.size() > MAX_BASES) {
      throw new IllegalArgumentException(
          "at most " + MAX_ROOTS + " folders in protect and " + MAX_BASES + " in signedBases");
    }
    if (!protect.isEmpty() && (schemes.isEmpty() || keyFile.isEmpty())) {
      throw new IllegalArgumentException(
          "protect needs a scheme and a keyFile, or nobody could have the files");
    }
    if (!protect.isEmpty() && schemes.contains(Scheme.URI_SIGNING) && signedBases.isEmpty()) {
      throw new IllegalArgumentException(
          "uri-signing needs signedBases: what the signed URIs begin with, as https://cdn.example");
    }
    if (clockSkew.isNegative() || clockSkew.toSeconds() > 300) {
      throw new IllegalArgumentException("clockSkew must be 0s to 5min, not " + clockSkew);
    }
    if (ContentPath.fault(packageName) != null || packageName.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "packageName must be of A-Z a-z 0-9 . _ ~ -, not: " + packageName);
    }
    within("maxTokenLength", maxTokenLength, 128, 8192);
    within("cachedTokens", cachedTokens, 16, 1 << 20);
    within("cachedPatterns", cachedPatterns, 1, 4096);
  }

  private static void checkRoot(String root) {
    boolean isFolder =
        root.startsWith("/")
            && (root.length() == 1 || ContentPath.fault(root.substring(1)) == null);
    if (!isFolder) {
      throw new IllegalArgumentException(
          "a folder in protect is / or such as /titles/paid, without a slash at its end, not: "
              + root);
    }
  }

  private static void checkBase(URI base) {
    String scheme = base.getScheme();
    boolean isBase =
        ("http".equals(scheme) || "https".equals(scheme))
            && base.getHost() != null
            && base.getRawUserInfo() == null
            && base.getRawPath().isEmpty()
            && base.getRawQuery() == null
            && base.getRawFragment() == null;
    if (!isBase) {
      throw new IllegalArgumentException(
          "signedBases are such as https://cdn.example or http://cdn.example:8080, not: " + base);
    }
  }

  private static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
