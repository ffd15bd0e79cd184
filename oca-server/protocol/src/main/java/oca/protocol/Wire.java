package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;

/**
 * Messages to JSON and back: the only JSON mapper of the product.
 *
 * <p>Ids and endpoints are strings, instants ISO 8601. Unknown fields are ignored (neighbours may
 * be newer), and of a choice that is not known that one is read which {@code JsonEnumDefaultValue}
 * marks, where one is marked. A missing or null field is an error, except for the few that are also
 * left out when they are written, which {@code JsonInclude} on the record's component says. Safe on
 * any thread.
 */
public final class Wire {
  /** {@code Content-Type} of every message. */
  public static final String MEDIA_TYPE = "application/json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(ids())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new RequiredFields())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(32).maxStringLength(65_536).build());
  }

  private Wire() {}

  /** The message as UTF-8 JSON. */
  public static byte[] write(Object message) {
    try {
      return MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a message: " + message.getClass(), e);
    }
  }

  /** The message as indented UTF-8 JSON with a line end, for files that people read. */
  public static byte[] writePretty(Object message) {
    try {
      byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(message);
      byte[] withLineEnd = java.util.Arrays.copyOf(json, json.length + 1);
      withLineEnd[json.length] = '\n';
      return withLineEnd;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a message: " + message.getClass(), e);
    }
  }

  /**
   * Reads one message.
   *
   * @throws WireException when the bytes are not one whole message of the type; it names line,
   *     column and field
   */
  public static <T> T read(byte[] json, Class<T> type) throws WireException {
    try {
      T message = MAPPER.readValue(json, type);
      if (message == null) {
        throw new WireException("line 1, column 1: null is not a " + type.getSimpleName());
      }
      return message;
    } catch (IOException e) {
      throw new WireException(describe(e), e);
    }
  }

  private static String describe(IOException e) {
    if (!(e instanceof JsonProcessingException json)) {
      return String.valueOf(e.getMessage());
    }
    StringBuilder text = new StringBuilder();
    JsonLocation at = json.getLocation();
    if (at != null && at.getLineNr() > 0) {
      text.append("line ").append(at.getLineNr()).append(", column ").append(at.getColumnNr());
    }
    if (json instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      text.append(text.isEmpty() ? "" : ", ").append("field ").append(path(mapping));
    }
    String why =
        switch (json.getCause()) {
          case JsonProcessingException inner -> inner.getOriginalMessage();
          case Throwable cause when cause.getMessage() != null -> cause.getMessage();
          case null, default -> json.getOriginalMessage();
        };
    return text.append(text.isEmpty() ? "" : ": ").append(why).toString();
  }

  private static String path(JsonMappingException mapping) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : mapping.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  /** Each component of a record is required, but those that may be left out in writing. */
  private static final class RequiredFields extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return !member.hasAnnotation(JsonInclude.class);
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated member) {
      return JsonSetter.Value.forValueNulls(
          member.hasAnnotation(JsonInclude.class) ? Nulls.SET : Nulls.FAIL);
    }
  }

  private static SimpleModule ids() {
    SimpleModule module = new SimpleModule("oca-ids");
    module.addDeserializer(Instant.class, new WireInstant());
    module.addSerializer(Instant.class, new WireInstantWriter());
    module.addSerializer(ServeRecord.class, new ServeRecordWriter());
    asString(module, ContentId.class, ContentId::parse);
    asString(module, ApplianceId.class, ApplianceId::new);
    asString(module, SiteId.class, SiteId::new);
    asString(module, Endpoint.class, Endpoint::parse);
    asString(module, InventoryDigest.class, InventoryDigest::parse);
    asString(module, CatalogDigest.class, CatalogDigest::parse);
    return module;
  }

  private static <T> void asString(SimpleModule module, Class<T> type, Function<String, T> parse) {
    module.addSerializer(type, ToStringSerializer.instance);
    JsonDeserializer<T> reader =
        new FromStringDeserializer<T>(type) {
          @Override
          protected T _deserialize(String value, DeserializationContext context) {
            return parse.apply(value);
          }
        };
    module.addDeserializer(type, reader);
  }
}
