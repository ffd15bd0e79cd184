package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireInstantTest {
  record Told(Instant at) {}

  @Property
  void parse_whatAnInstantWrites_isThatInstant(
      @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Instant instant = Instant.ofEpochSecond(second, nanos);
    assertEquals(instant, WireInstant.parse(instant.toString()));
  }

  @Property
  void write_anyInstant_isWhatItWritesItself(
      @ForAll @LongRange(min = -62_167_219_201L, max = 253_402_300_800L) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    for (int part : new int[] {nanos, nanos / 1_000 * 1_000, nanos / 1_000_000 * 1_000_000, 0}) {
      Instant instant = Instant.ofEpochSecond(second, part);
      assertEquals(
          "{\"at\":\"" + instant + "\"}",
          new String(Wire.write(new Told(instant)), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1000000000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59.999999999Z",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.5Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59.000001Z",
        "+10000-01-01T00:00:00Z"
      })
  void write_boundary_isWhatItWritesItself(String text) {
    assertEquals(
        "{\"at\":\"" + Instant.parse(text) + "\"}",
        new String(Wire.write(new Told(Instant.parse(text))), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01T12:00:00Z",
        "2024-02-29T23:59:59.9Z",
        "2026-11-01T12:00:00.12Z",
        "2026-11-01T12:00:00.123456789Z"
      })
  void parse_usual_isAsTheLibraryReadsIt(String text) {
    assertEquals(Instant.parse(text), WireInstant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-11-01T12:00:00.Z",
        "2026-11-01T12:00:00.1234567890Z",
        "2026-11-01T12:00:00+00:00",
        "2026-11-01T12:00:0xZ",
        "2026-11-01 12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-11-00T12:00:00Z",
        "2026-11-01T24:00:00Z",
        "2026-11-01T12:60:00Z",
        "2026-11-01T12:00:60Z",
        "-2026-11-01T12:00:00Z",
        "+12026-11-01T12:00:00Z"
      })
  void parse_anythingElse_isLeftToTheLibrary(String text) {
    assertNull(WireInstant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+1000000000-12-31T23:59:59.999999999Z",
        "-0001-01-01T00:00:00Z",
        "2026-11-01T24:00:00Z",
        "2026-11-01T14:00:00+02:00"
      })
  void read_whatIsNotUsual_isReadAllTheSame(String text) throws WireException {
    Instant at = Wire.read(json(text), Told.class).at();
    assertEquals(java.time.format.DateTimeFormatter.ISO_INSTANT.parse(text, Instant::from), at);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-02-29T12:00:00Z", "yesterday", "2026-11-01T12:00:00"})
  void read_noInstant_isRefused(String text) {
    assertThrows(WireException.class, () -> Wire.read(json(text), Told.class));
  }

  private static byte[] json(String text) {
    return ("{\"at\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
  }
}
