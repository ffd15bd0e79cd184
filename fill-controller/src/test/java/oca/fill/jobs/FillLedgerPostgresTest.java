package oca.fill.jobs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import oca.fill.state.OnPostgres;

/** The same with PostgreSQL, which rounds to microseconds. */
@OnPostgres
class FillLedgerPostgresTest extends FillLedgerTest {
  @Override
  Instant kept(Instant at) {
    return at.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
  }
}
