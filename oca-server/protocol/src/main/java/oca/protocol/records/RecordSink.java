package oca.protocol.records;

import java.io.IOException;

/**
 * Where records go: a file, a neighbour, a broker.
 *
 * @param <T> the kind of record
 *     <p>Each sink has a ring and a thread of its own, so that a slow one delays no other. All
 *     methods but {@link #name} and {@link #lost} are called on that thread only, one after the
 *     other, and may block.
 *     <p>What {@link #write} must keep:
 *     <ul>
 *       <li>It returns when the batch is taken over for good, and throws {@link IOException} when
 *           it is not, naming the place and what is wrong with it.
 *       <li>A batch that was refused is offered again later under the same sequence, until it is
 *           taken or given up; nothing else is offered in between. What a sink took of a batch
 *           before it refused the rest must not be there twice after the second try, or must be
 *           recognised by the sequence at the other end.
 *       <li>Records keep their order within a batch, and batches the order of their sequences. A
 *           sequence that is left out was given up; {@code dropped} of a later batch counts its
 *           records.
 *       <li>After a refusal it can be called again at once: it finds its own way back. It does not
 *           retry or sleep by itself, and does not log: that is done for all sinks alike.
 *     </ul>
 */
public interface RecordSink<T> extends AutoCloseable {
  /** What metrics call it: one lower-case word, the same for the life of the process. */
  String name();

  /** Records that it took over and then lost after all. Any thread. */
  default long lost() {
    return 0;
  }

  /**
   * Takes a batch over.
   *
   * @param batch at least one record
   * @throws IOException when it was not taken; it is offered again
   */
  void write(RecordBatch<T> batch) throws IOException;

  /**
   * Does what time asks for; called after each interval, with or without records.
   *
   * @throws IOException when that failed; it is told and counted like a refused batch
   */
  void tick() throws IOException;

  /** Ends what is open. Called once, last; nothing is written after it. */
  @Override
  void close() throws IOException;
}
