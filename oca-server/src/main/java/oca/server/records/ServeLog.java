package oca.server.records;

import oca.model.ApplianceId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordForm;
import oca.protocol.records.RecordLog;
import oca.protocol.records.RecordsConfig;

/** Serve records: a line each in files, {@link ServeRecords} where they are posted. */
public final class ServeLog {
  private static final RecordForm<ServeRecord> FORM =
      RecordForm.json(
          "serve",
          batch ->
              new ServeRecords(
                  batch.server(),
                  batch.bootId(),
                  batch.sequence(),
                  batch.dropped(),
                  batch.records()));

  private ServeLog() {}

  /**
   * Starts to take records for the sinks that are configured.
   *
   * @param server the sender named in batches
   * @param bootId drawn at this start of the process
   * @param client stays open until the log is closed, and is closed by the caller
   */
  public static RecordLog<ServeRecord> start(
      ApplianceId server, String bootId, RecordsConfig config, ControlClient client) {
    return RecordLog.start(FORM, server, bootId, config, client);
  }
}
