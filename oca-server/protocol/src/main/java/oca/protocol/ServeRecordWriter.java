package oca.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/**
 * Writes serve records as the mapper would, field by field and without reflection: an appliance
 * writes one for each of its answers, so this is the part of JSON that viewers pay for.
 */
final class ServeRecordWriter extends StdSerializer<ServeRecord> {
  private static final long serialVersionUID = 1;
  private static final SerializedString AT = new SerializedString("at");
  private static final SerializedString FILE = new SerializedString("file");
  private static final SerializedString CLIENT = new SerializedString("client");
  private static final SerializedString STATUS = new SerializedString("status");
  private static final SerializedString FIRST_BYTE = new SerializedString("firstByte");
  private static final SerializedString BODY_BYTES = new SerializedString("bodyBytes");
  private static final SerializedString COMPLETE = new SerializedString("complete");
  private static final SerializedString MICROS = new SerializedString("micros");
  private static final SerializedString OUTCOME = new SerializedString("outcome");
  private static final SerializedString PLAYBACK = new SerializedString("playback");
  private static final SerializedString SOURCE = new SerializedString("source");
  private static final SerializedString FIRST_BYTE_MICROS = new SerializedString("firstByteMicros");

  private final WireInstantWriter instants = new WireInstantWriter();

  ServeRecordWriter() {
    super(ServeRecord.class);
  }

  @Override
  public void serialize(ServeRecord record, JsonGenerator json, SerializerProvider provider)
      throws IOException {
    json.writeStartObject(record);
    json.writeFieldName(AT);
    instants.serialize(record.at(), json, provider);
    json.writeFieldName(FILE);
    json.writeString(record.file().toString());
    json.writeFieldName(CLIENT);
    json.writeString(record.client());
    json.writeFieldName(STATUS);
    json.writeNumber(record.status());
    json.writeFieldName(FIRST_BYTE);
    json.writeNumber(record.firstByte());
    json.writeFieldName(BODY_BYTES);
    json.writeNumber(record.bodyBytes());
    json.writeFieldName(COMPLETE);
    json.writeBoolean(record.complete());
    json.writeFieldName(MICROS);
    json.writeNumber(record.micros());
    json.writeFieldName(OUTCOME);
    json.writeString(record.outcome());
    if (record.playback() != null) {
      json.writeFieldName(PLAYBACK);
      provider.defaultSerializeValue(record.playback(), json);
    }
    if (record.source() != null) {
      json.writeFieldName(SOURCE);
      json.writeString(record.source());
    }
    if (record.firstByteMicros() != null) {
      json.writeFieldName(FIRST_BYTE_MICROS);
      json.writeNumber(record.firstByteMicros());
    }
    json.writeEndObject();
  }
}
