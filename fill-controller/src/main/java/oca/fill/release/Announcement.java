package oca.fill.release;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A title that is to be released, as an operator announces it.
 *
 * @param title in the catalogue, by now or later
 * @param files paths of its files; left out for all files of the title
 * @param releaseAt plan time: {@code 2026-01-31T20:00:00Z}, with an offset, or a date, which is its
 *     first hour in UTC
 * @param kind releases of one kind are taken to fade alike: {@code film}, {@code series}
 * @param audience size of audience expected, above 0, in any one unit; left out when nobody knows
 */
public record Announcement(
    String title,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> files,
    String releaseAt,
    String kind,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double audience) {
  public Announcement {
    if (files != null && files.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("files has null among its entries; leave it out");
    }
    files = files == null ? List.of() : List.copyOf(files);
  }

  /** {@link #releaseAt} in time; empty when it is none. */
  @JsonIgnore
  public Optional<Instant> time() {
    try {
      Instant read =
          releaseAt.length() == "2026-01-31".length()
              ? LocalDate.parse(releaseAt).atStartOfDay().toInstant(ZoneOffset.UTC)
              : OffsetDateTime.parse(releaseAt).toInstant();
      return Optional.of(read);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Hours since 1970 at which it is released. */
  @JsonIgnore
  public long hour() {
    return Math.floorDiv(time().orElse(Instant.EPOCH).getEpochSecond(), 3600L);
  }

  /** What it names in the catalogue: paths, or the title. */
  @JsonIgnore
  public List<String> names() {
    return files.isEmpty() ? List.of(title) : files;
  }
}
