package oca.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that is looked at without knowing its type: for whoever shows an answer rather than
 * acts on it, and has to get along with neighbours of another version. What is not there is {@link
 * #NONE}, which has no text, no items and the number that the caller names. Immutable.
 *
 * <p>Needs the parser of {@link Wire} but not its binding of records, which takes a process that
 * only asks once longer to load than the answer takes to come.
 */
public final class Json {
  /** What is not there. */
  public static final Json NONE = new Json(null);

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(32).maxStringLength(1 << 20).build())
          .build();

  private final @Nullable Object value;

  private Json(@Nullable Object value) {
    this.value = value;
  }

  /**
   * A value of maps by text, collections, texts, numbers, booleans, other values of this kind, and
   * null.
   */
  public static Json of(@Nullable Object value) {
    return switch (value) {
      case null -> NONE;
      case Json json -> json;
      case Map<?, ?> map -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        map.forEach((key, field) -> fields.put(String.valueOf(key), of(field)));
        yield new Json(fields);
      }
      case Collection<?> items -> new Json(items.stream().map(Json::of).toList());
      case Integer number -> new Json(number.longValue());
      case Long _, Double _, Boolean _, String _ -> new Json(value);
      case Object other -> new Json(other.toString());
    };
  }

  /**
   * Reads one value.
   *
   * @throws WireException when the bytes are not one whole value; it names line and column
   */
  public static Json parse(byte[] json) throws WireException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      Json read = read(parser);
      if (parser.nextToken() != null) {
        throw new WireException("line 1: more than one JSON value");
      }
      return read;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new WireException(
          "line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new WireException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Json read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new WireException("line 1: no JSON value");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, read(parser));
        }
        yield new Json(fields);
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(read(parser));
        }
        yield new Json(items);
      }
      case VALUE_STRING -> new Json(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? new Json(parser.getDoubleValue())
              : new Json(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> new Json(parser.getDoubleValue());
      case VALUE_TRUE -> new Json(true);
      case VALUE_FALSE -> new Json(false);
      case VALUE_NULL -> NONE;
      case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new WireException("line " + parser.currentLocation().getLineNr() + ": no value");
    };
  }

  /** What is found by following those names from here. */
  public Json at(String... names) {
    Json found = this;
    for (String name : names) {
      found = found.fields().getOrDefault(name, NONE);
    }
    return found;
  }

  /** Whether there is anything, be it empty. */
  public boolean isThere() {
    return value != null;
  }

  /** Its fields in their order; none unless it is an object. */
  @SuppressWarnings("unchecked") // Made so by this class alone.
  public Map<String, Json> fields() {
    return value instanceof Map<?, ?> map ? (Map<String, Json>) map : Map.of();
  }

  /** Its items; none unless it is an array. */
  @SuppressWarnings("unchecked") // Made so by this class alone.
  public List<Json> items() {
    return value instanceof List<?> list ? (List<Json>) list : List.of();
  }

  /** A single value as text; empty for what is not there, or is an object or array. */
  public String text() {
    return text("");
  }

  /** The same with another text for what is not there. */
  public String text(String otherwise) {
    return value == null || value instanceof Map || value instanceof List
        ? otherwise
        : value.toString();
  }

  /** A number, cut to a whole one; 0 for anything else. */
  public long number() {
    return number(0);
  }

  /** The same with another number for what is none. */
  public long number(long otherwise) {
    return value instanceof Number number ? number.longValue() : otherwise;
  }

  /** A number; 0 for anything else. */
  public double real() {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  /** Whether it is true. */
  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  /** As indented JSON with a line end. */
  public String pretty() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    return written(printer) + "\n";
  }

  /** As JSON on one line. */
  @Override
  public String toString() {
    return written(null);
  }

  private String written(@Nullable DefaultPrettyPrinter printer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      if (printer != null) {
        json.setPrettyPrinter(printer);
      }
      write(json);
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot be written to", e);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> _ -> {
        json.writeStartObject();
        for (Map.Entry<String, Json> field : fields().entrySet()) {
          json.writeFieldName(field.getKey());
          field.getValue().write(json);
        }
        json.writeEndObject();
      }
      case List<?> _ -> {
        json.writeStartArray();
        for (Json item : items()) {
          item.write(json);
        }
        json.writeEndArray();
      }
      case Long number -> json.writeNumber(number);
      case Double number -> {
        if (Double.isFinite(number)) {
          json.writeNumber(BigDecimal.valueOf(number).stripTrailingZeros().toPlainString());
        } else {
          json.writeNull();
        }
      }
      case Boolean truth -> json.writeBoolean(truth);
      case Object text -> json.writeString(text.toString());
    }
  }
}
