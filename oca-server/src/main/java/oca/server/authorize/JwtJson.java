package oca.server.authorize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;

/**
 * Reads the two JSON objects of a JWT, member by member.
 *
 * <p>The data plane sees no JSON, but for this: a JWT is JSON. It is read by Jackson's streaming
 * parser, of which the appliance has one already and which strangers' bytes have been tried on more
 * than on any that we could write; no objects are bound. Limits are tight, names that come twice
 * are refused, since two readers could take one each (RFC 7519, section 4), and names are not
 * interned, so that strangers cannot fill tables. A payload is read only once its signature is
 * verified, and once per token, not per request.
 */
final class JwtJson implements AutoCloseable {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_AUDIENCE = 32;
  private static final long MAX_SECOND = 1L << 50;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(32)
                  .maxNameLength(256)
                  .maxStringLength(8192)
                  .build())
          .build();

  private final JsonParser parser;

  private JwtJson(JsonParser parser) {
    this.parser = parser;
  }

  /** Begins to read; an object must follow. */
  static JwtJson open(byte[] utf8) throws IOException, Refusal {
    JsonParser parser = JSON.createParser(new String(utf8, StandardCharsets.UTF_8));
    JwtJson json = new JwtJson(parser);
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Refusal(Reason.MALFORMED);
    }
    return json;
  }

  /** The next member's name, or an empty one at the end; nothing may stand behind that. */
  String next() throws IOException, Refusal {
    if (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      // The empty name is nobody's claim, and is how the end is told.
      if (name.isEmpty()) {
        throw new Refusal(Reason.MALFORMED);
      }
      return name;
    }
    if (parser.nextToken() != null) {
      throw new Refusal(Reason.MALFORMED);
    }
    return "";
  }

  /** The member's value, which must be a string. */
  String string() throws IOException, Refusal {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new Refusal(Reason.MALFORMED);
    }
    return parser.getText();
  }

  /** The member's value, which must be a number: seconds, of which fractions are cut off. */
  long seconds() throws IOException, Refusal {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw new Refusal(Reason.MALFORMED);
    }
    double value = parser.getDoubleValue();
    if (!(value >= 0 && value <= MAX_SECOND)) {
      throw new Refusal(Reason.MALFORMED);
    }
    return (long) value;
  }

  /** The member's value, which must be a string or an array of strings. */
  List<String> strings() throws IOException, Refusal {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return List.of(parser.getText());
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new Refusal(Reason.MALFORMED);
    }
    List<String> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (values.size() == MAX_AUDIENCE) {
        throw new Refusal(Reason.MALFORMED);
      }
      values.add(string());
    }
    return values;
  }

  /** Passes the member's value over, whatever it is. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
