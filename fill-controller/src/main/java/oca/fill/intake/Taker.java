package oca.fill.intake;

import java.io.IOException;
import java.util.List;
import oca.protocol.FillRecords;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecords;

/**
 * Who counts what comes in. Called on one thread. Returns when it is as durable as it gets; what it
 * took before is left out. Throws {@link IOException} when it could not be taken now and is to come
 * again, {@link IllegalArgumentException} when it never can be.
 */
public interface Taker {
  /** Takes batches, all or none. */
  void serve(List<ServeRecords> batches) throws IOException;

  /** Takes a batch of answers. */
  void steering(SteeringRecords batch) throws IOException;

  /** Takes results of filling. */
  void fill(FillRecords batch) throws IOException;
}
