package oca.steering.catalog;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.ContentPath;
import oca.protocol.CatalogDigest;
import org.jspecify.annotations.Nullable;

/**
 * Titles and where they came from, so that another process can begin with them. Immutable.
 *
 * <pre>
 *   texts: source, ETag (empty for none), version     a text: length (4), UTF-8
 *   titles (4), and for each: its name, the paths of its files with line feeds between,
 *   its digest (16)
 * </pre>
 *
 * <p>Ids are not in it: they follow from paths.
 *
 * @param source that was asked
 * @param etag of the answer; null when there was none
 */
public record CatalogImage(URI source, @Nullable String etag, Titles titles) {

  /**
   * As bytes.
   *
   * @param maxBytes more are not made
   * @throws IOException when there would be more
   */
  public byte[] write(int maxBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    text(out, source.toString());
    text(out, etag == null ? "" : etag);
    text(out, titles.version());
    out.writeInt(titles.count());
    for (String name : titles.names()) {
      text(out, name);
      text(out, String.join("\n", titles.paths(name)));
      out.writeLong(titles.digest(name).high());
      out.writeLong(titles.digest(name).low());
      if (out.size() > maxBytes) {
        throw new IOException("the catalogue takes more than " + maxBytes + " bytes");
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param maxFiles more are refused
   * @throws IOException when it is no image, or beyond the limit; the message says which
   */
  public static CatalogImage read(byte[] bytes, int maxFiles) throws IOException {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      URI source = URI.create(text(in));
      String etag = text(in);
      String version = text(in);
      int count = in.getInt();
      if (count < 0 || count > in.remaining() / 24) {
        throw new IOException("the image of the catalogue is wrong: so many titles: " + count);
      }
      Map<String, Titles.Listed> listed = HashMap.newHashMap(count);
      long files = 0;
      for (int i = 0; i < count; i++) {
        String title = text(in);
        List<String> lines = text(in).lines().toList();
        files += lines.size();
        CatalogDigest digest = new CatalogDigest(1, in.getLong(), in.getLong());
        if (listed.put(title, new Titles.Listed(lines, digest)) != null) {
          throw new IOException("the image of the catalogue is wrong: the title " + title);
        }
        for (String path : lines) {
          if (ContentPath.fault(path) != null) {
            throw new IOException("the image of the catalogue is wrong: the path " + path);
          }
        }
      }
      if (files > maxFiles) {
        throw new IOException(
            "the image of the catalogue has "
                + files
                + " files, limits.catalogFiles is "
                + maxFiles);
      }
      return new CatalogImage(source, etag.isEmpty() ? null : etag, new Titles(version, listed));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("the image of the catalogue is wrong: " + e.getMessage(), e);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
