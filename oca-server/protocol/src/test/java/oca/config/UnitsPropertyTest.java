package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What is written with a unit is read as it was meant, and written so that it is read again. */
class UnitsPropertyTest {
  private static final List<String> SIZES =
      List.of("B", "KB", "KiB", "MB", "MiB", "GB", "GiB", "TB", "TiB");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private final Scalars scalars = new Scalars(Map.of());

  @Property
  void size_anyNumberOfBytes_isReadAsItIsWritten(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long bytes) {
    ByteSize size = new ByteSize(bytes);
    assertEquals(size, ByteSize.parse(size.toString()));
    assertEquals(size, scalars.parse(Scalars.written(size, "?"), ByteSize.class));
  }

  @Property
  void size_inAnyUnit_isThatManyBytes(
      @ForAll @IntRange(min = 0, max = 4_000_000) int thousandths,
      @ForAll @IntRange(min = 0, max = 8) int which) {
    String unit = SIZES.get(which);
    BigDecimal step = BigDecimal.valueOf(unit.endsWith("iB") ? 1024 : 1000);
    BigDecimal number = BigDecimal.valueOf(thousandths, 3);
    long bytes =
        number
            .multiply(step.pow((which + 1) / 2))
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
    assertEquals(new ByteSize(bytes), ByteSize.parse(number.toPlainString() + unit));
    assertEquals(new ByteSize(bytes), ByteSize.parse(" " + number.toPlainString() + " " + unit));
  }

  @Property
  void duration_anyNumberOfMilliseconds_isReadAsItIsWritten(
      @ForAll @LongRange(min = 0, max = 36_500L * 86_400_000) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertEquals(duration, scalars.parse(Scalars.written(duration, "?"), Duration.class));
  }

  @Property
  void duration_inAnyUnit_isThatLong(@ForAll @IntRange(min = 0, max = 36_500) int amount) {
    MILLIS.forEach(
        (unit, millis) ->
            assertEquals(
                Duration.ofMillis(amount * millis),
                scalars.parse(amount + unit, Duration.class),
                unit));
  }

  @Example
  void units_unknownOrWithout_areRefused() {
    for (String size : List.of("12", "12kb", "12KIB", "1PB", "-1MB", "1.MB", "", "9999999TiB")) {
      assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(size), size);
    }
    for (String time : List.of("12", "1m", "1sec", "1.5h", "-1s", "", "36501d", "1 week")) {
      assertThrows(IllegalArgumentException.class, () -> scalars.parse(time, Duration.class), time);
    }
  }
}
