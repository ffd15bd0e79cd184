package oca.fill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import oca.fill.demand.DemandLedger;
import oca.fill.intake.Sieve;
import oca.fill.intake.Taker;
import oca.fill.jobs.FillLedger;
import oca.fill.publish.PeerFaults;
import oca.protocol.FillRecords;
import oca.protocol.FillReport;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecords;

/** Where records are counted, whichever way they came. Any thread. */
record IntakeDesk(
    DemandLedger demand,
    MissDesk misses,
    ViewersDesk viewers,
    LedgerDesk ledger,
    FillLedger fills,
    JobRoom jobs,
    PeerFaults faults,
    Sieve sieve)
    implements Taker {

  @Override
  public void serve(List<ServeRecords> sent) throws IOException {
    List<ServeRecords> batches = new ArrayList<>(sent.size());
    for (ServeRecords batch : sent) {
      batches.add(sieve.of(batch));
    }
    List<Boolean> fresh = demand.take(batches, ledger::take);
    for (int i = 0; i < batches.size(); i++) {
      if (fresh.get(i)) {
        misses.take(batches.get(i));
        viewers.take(batches.get(i));
      }
    }
  }

  @Override
  public void steering(SteeringRecords batch) {
    misses.take(batch);
  }

  @Override
  public void fill(FillRecords batch) throws IOException {
    fill(batch.report());
  }

  void fill(FillReport sent) throws IOException {
    FillReport report = sieve.of(sent);
    report.results().forEach(result -> faults.note(result.badPeers()));
    if (fills.take(report, (to, result) -> ledger.take(to, report.appliance(), result)) > 0) {
      jobs.reported(report);
    }
  }
}
