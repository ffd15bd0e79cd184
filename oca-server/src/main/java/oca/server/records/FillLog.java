package oca.server.records;

import oca.model.ApplianceId;
import oca.protocol.FillRecords;
import oca.protocol.FillReport;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordForm;
import oca.protocol.records.RecordLog;
import oca.protocol.records.RecordsConfig;

/** What became of files that were to be filled, on its way to Kafka as {@link FillRecords}. */
public final class FillLog {
  private static final RecordForm<FillReport.Result> FORM =
      RecordForm.json(
          "fill",
          batch ->
              new FillRecords(
                  batch.server(),
                  batch.bootId(),
                  batch.sequence(),
                  batch.dropped(),
                  batch.records()));

  private FillLog() {}

  /**
   * Starts to take results; where serve records go besides Kafka is not for these.
   *
   * @param server the sender named in batches
   * @param bootId drawn at this start of the process
   * @param client stays open until the log is closed, and is closed by the caller
   */
  public static RecordLog<FillReport.Result> start(
      ApplianceId server, String bootId, RecordsConfig config, ControlClient client) {
    return RecordLog.start(FORM, server, bootId, config.onlyKafka(), client);
  }
}
