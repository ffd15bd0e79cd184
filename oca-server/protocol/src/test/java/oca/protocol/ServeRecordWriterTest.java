package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import oca.model.ContentId;
import org.junit.jupiter.api.Test;

class ServeRecordWriterTest {
  private static final Instant AT = Instant.parse("2026-11-23T12:00:00.123456Z");
  private static final Playback PLAYBACK =
      new Playback("session", "content", "video", "vod", 4000, null, 12, true, false);

  /** Whoever adds a component to the record meets this first. */
  @Test
  void write_recordWithAll_hasEachComponentInItsOrder() throws IOException {
    ServeRecord all =
        new ServeRecord(
            AT,
            new ContentId(1, 2),
            "192.0.2.0",
            206,
            1,
            2,
            true,
            3,
            "part",
            PLAYBACK,
            ServeRecord.DISK,
            4L);
    JsonNode json = new ObjectMapper().readTree(Wire.write(all));
    assertEquals(
        Arrays.stream(ServeRecord.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList(),
        names(json));
    assertEquals(new ObjectMapper().readTree(Wire.write(PLAYBACK)), json.get("playback"));
    assertEquals(all, Wire.read(Wire.write(all), ServeRecord.class));
  }

  @Test
  void write_recordWithoutWhatMayBeLeftOut_leavesItOut() throws IOException {
    ServeRecord bare =
        new ServeRecord(AT, new ContentId(1, 2), "192.0.2.0", 404, 0, 0, true, 3, "none");
    assertEquals(
        List.of(
            "at",
            "file",
            "client",
            "status",
            "firstByte",
            "bodyBytes",
            "complete",
            "micros",
            "outcome"),
        names(new ObjectMapper().readTree(Wire.write(bare))));
  }

  @Property
  void write_anyRecord_isReadAsItWas(
      @ForAll @LongRange(min = 0, max = 253_402_300_799L) long second,
      @ForAll long high,
      @ForAll @StringLength(max = 40) String word,
      @ForAll int status,
      @ForAll long bytes,
      @ForAll boolean complete)
      throws WireException {
    ServeRecord record =
        new ServeRecord(
            Instant.ofEpochSecond(second),
            new ContentId(high, bytes),
            word,
            status,
            bytes,
            -bytes,
            complete,
            second,
            word,
            complete ? PLAYBACK : null,
            complete ? null : word,
            complete ? bytes : null);
    assertEquals(record, Wire.read(Wire.write(record), ServeRecord.class));
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
