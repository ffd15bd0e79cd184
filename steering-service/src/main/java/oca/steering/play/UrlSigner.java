package oca.steering.play;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyRing;
import oca.protocol.token.TokenMint;
import oca.steering.catalog.Titles;

/**
 * Makes the URLs of one file at any number of places: a token says nothing of the host, so all of
 * them share one. Safe on any thread.
 */
final class UrlSigner {
  private final Supplier<KeyRing> keys;
  private final String scheme;
  private final LongSupplier lifetimeSeconds;

  UrlSigner(Supplier<KeyRing> keys, String scheme, LongSupplier lifetimeSeconds) {
    this.keys = keys;
    this.scheme = scheme;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  /**
   * What stands between host and path.
   *
   * @param token with a slash at its end; empty when URLs are not signed
   * @param expirySecond the last one at which it is good; 0 when it is for ever
   */
  record Signature(String token, long expirySecond) {
    static final Signature NONE = new Signature("", 0);
  }

  /** Whether there is a key to sign with. */
  boolean signs(long nowSecond) {
    return keys.get().newest(Algorithm.HMAC_TOKEN, nowSecond, nowSecond).isPresent();
  }

  /**
   * A signature for a file and all that a player will ask for from it: for the title's folder; for
   * a playlist of no known title its own folder; for any other file that file alone.
   *
   * @param madeSecond from which its lifetime counts
   */
  Signature sign(String path, Titles titles, long madeSecond) {
    String title = titles.titleOf(ContentId.ofPath(path));
    String folder = title == null ? "" : titles.folder(title);
    boolean isPlaylist = path.endsWith(".m3u8") || path.endsWith(".mpd");
    int slash = path.lastIndexOf('/');
    if (folder.isEmpty() && isPlaylist && slash > 0) {
      folder = path.substring(0, slash);
    }
    return sign(path, folder, madeSecond);
  }

  private Signature sign(String path, String folder, long madeSecond) {
    long end = madeSecond + lifetimeSeconds.getAsLong();
    // A key that ends sooner still signs: its tokens are good until it does.
    return keys.get()
        .newest(Algorithm.HMAC_TOKEN, madeSecond, end)
        .or(() -> keys.get().newest(Algorithm.HMAC_TOKEN, madeSecond, madeSecond))
        .map(
            key -> {
              TokenMint mint = new TokenMint(key);
              long expiry = Math.min(end, key.notAfterSecond());
              String token =
                  folder.isEmpty()
                      ? mint.forFile(path, expiry, Optional.empty())
                      : mint.forFolder(folder, expiry, Optional.empty());
              return new Signature(token + "/", expiry);
            })
        .orElse(Signature.NONE);
  }

  /** The absolute URL of a file at a place. */
  String url(Endpoint at, Signature signature, String path) {
    return scheme + "://" + at + "/" + signature.token() + path;
  }
}
