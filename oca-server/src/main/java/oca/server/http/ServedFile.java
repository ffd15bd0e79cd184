package oca.server.http;

import oca.server.range.HttpDate;
import oca.server.range.ReprDigest;
import oca.server.range.Representation;

/**
 * A file that can be served, with the fields that are the same in each answer about it.
 *
 * @param representation what is known of it
 * @param version what a 304 has of a 200 (RFC 9110, section 15.4.5), and a 200 too
 * @param content what answers with bytes of it have beside, unless they are in parts
 * @param modified Last-Modified alone, for those in parts
 * @param digest Repr-Digest (RFC 9530), for whoever wants it
 */
record ServedFile(
    Representation representation,
    FieldLines version,
    FieldLines content,
    FieldLines modified,
    FieldLines digest) {

  static ServedFile of(Representation file) {
    String modified = HttpDate.format(file.modifiedSecond());
    return new ServedFile(
        file,
        FieldLines.of(
            "ETag",
            file.entityTag(),
            "Accept-Ranges",
            "bytes",
            "Cache-Control",
            "public, max-age=31536000, immutable"),
        FieldLines.of("Content-Type", file.mediaType(), "Last-Modified", modified),
        FieldLines.of("Last-Modified", modified),
        FieldLines.of("Repr-Digest", ReprDigest.value(file)));
  }
}
