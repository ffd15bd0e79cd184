package oca.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import oca.model.Prefix;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyRing;
import oca.protocol.token.SigningKey;
import oca.protocol.token.TokenMint;
import oca.server.authorize.AuthorizeConfig;
import oca.server.authorize.AuthorizeConfig.Nonces;
import oca.server.authorize.AuthorizeConfig.Scheme;
import oca.server.authorize.UrlAuthorizer;
import oca.server.authorize.Verdict;
import oca.server.authorize.Verifier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a token cost each request: none on a public path, our own in the path, and a JWT that
 * was seen before or comes for the first time? At most 2 us is allowed. With {@code -prof gc} it
 * tells the bytes of garbage of each, too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {
  private static final long NOW = 1_790_000_000L;
  private static final String PUBLIC = "trailers/harbour/v0/segment-17.m4s";
  private static final String FILE = "titles/harbour/v0/segment-17.m4s";
  private static final byte[] CLIENT = {(byte) 192, 0, 2, 7};

  private final KeyPair pair = pair();
  private final Verifier verifier = verifier(4096);
  private final Verifier forgetful = verifier(16);
  private final String good = token(NOW + 60) + "/" + FILE;
  private final String forged =
      new TokenMint("summer", FILE.getBytes(StandardCharsets.US_ASCII))
              .forFolder("titles", NOW + 60, Optional.empty())
          + "/"
          + FILE;
  private final String jwt = "URISigningPackage=" + jwt(0);
  private final String[] fresh = new String[256];
  private int next;

  /** Signs more tokens than a small table keeps. */
  public TokenBenchmark() {
    for (int i = 0; i < fresh.length; i++) {
      fresh[i] = "URISigningPackage=" + jwt(i);
    }
  }

  /** A file that needs none. */
  @Benchmark
  public Verdict publicPath() {
    return verifier.authorize(PUBLIC, null, CLIENT, NOW);
  }

  /** Our own, bound to a network. */
  @Benchmark
  public Verdict pathToken() {
    return verifier.authorize(good, null, CLIENT, NOW);
  }

  /** Our own, forged. */
  @Benchmark
  public Verdict forgedPathToken() {
    return verifier.authorize(forged, null, CLIENT, NOW);
  }

  /** ES256 with a pattern, verified before. */
  @Benchmark
  public Verdict seenJwt() {
    return verifier.authorize(FILE, jwt, CLIENT, NOW);
  }

  /** ES256 with a pattern, for the first time. */
  @Benchmark
  public Verdict newJwt() {
    next = (next + 1) & (fresh.length - 1);
    return forgetful.authorize(FILE, fresh[next], CLIENT, NOW);
  }

  private static String token(long expiry) {
    return new TokenMint("summer", new byte[32])
        .forFolder("titles/harbour", expiry, Optional.of(Prefix.parse("192.0.2.0/24")));
  }

  private String jwt(int number) {
    String header = "{\"alg\":\"ES256\",\"kid\":\"studio\"}";
    String claims =
        "{\"exp\":"
            + (NOW + 60)
            + ",\"cdniuc\":\"regex:https://cdn\\\\.example/titles/harbour/[^/]*/.*\\\\.m4s\",\"n\":"
            + number
            + "}";
    String input = base64(header.getBytes(StandardCharsets.US_ASCII));
    input += "." + base64(claims.getBytes(StandardCharsets.US_ASCII));
    try {
      Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(pair.getPrivate());
      signer.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + base64(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Verifier verifier(int remembered) {
    SigningKey own =
        new SigningKey(
            "summer",
            Algorithm.HMAC_TOKEN,
            new SecretKeySpec(new byte[32], "HmacSHA256"),
            0,
            Long.MAX_VALUE,
            Optional.empty());
    SigningKey studio =
        new SigningKey(
            "studio", Algorithm.ES256, pair.getPublic(), 0, Long.MAX_VALUE, Optional.empty());
    AuthorizeConfig config =
        new AuthorizeConfig(
            List.of("/titles"),
            List.of(Scheme.PATH_TOKEN, Scheme.URI_SIGNING),
            Optional.of(Path.of("keys.yaml")),
            Duration.ofSeconds(5),
            "URISigningPackage",
            2048,
            List.of(URI.create("https://cdn.example")),
            Optional.empty(),
            Nonces.REFUSE,
            remembered,
            64);
    UrlAuthorizer authorizer = new UrlAuthorizer(config, new KeyRing(List.of(own, studio)));
    return new Verifier(() -> authorizer);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
