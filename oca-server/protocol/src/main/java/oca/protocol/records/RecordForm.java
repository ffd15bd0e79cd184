package oca.protocol.records;

import java.util.Arrays;
import java.util.function.Function;
import oca.protocol.Wire;

/**
 * How records of one kind leave the process. Safe on any thread.
 *
 * @param <T> the kind of record
 */
public interface RecordForm<T> {
  /** What files begin with: lower-case letters, such as {@code serve}. */
  String kind();

  /** Lines for one sink of files. */
  Lines<T> lines();

  /** A batch as it is posted. */
  Object message(RecordBatch<T> batch);

  /**
   * Records as lines of files that can be read each by itself. For one thread.
   *
   * @param <T> the kind of record
   */
  interface Lines<T> {
    /** Another file begins: what stands in those before is not there for its reader. */
    void begin();

    /** One record: one or more lines, each with its end. */
    byte[] of(T record);

    /** Whether a record that is longer than a file may be is written all the same. */
    boolean mayExceed();
  }

  /**
   * One line of JSON for each record.
   *
   * @param kind what files begin with
   * @param message a batch as it is posted
   */
  static <T> RecordForm<T> json(String kind, Function<RecordBatch<T>, Object> message) {
    return new RecordForm<>() {
      @Override
      public String kind() {
        return kind;
      }

      @Override
      public Lines<T> lines() {
        return new JsonLines<>();
      }

      @Override
      public Object message(RecordBatch<T> batch) {
        return message.apply(batch);
      }
    };
  }

  /**
   * Each record by itself, in the form of {@link Wire}.
   *
   * @param <T> the kind of record
   */
  final class JsonLines<T> implements Lines<T> {
    JsonLines() {}

    @Override
    public void begin() {
      // A line says all that is to be known.
    }

    @Override
    public byte[] of(T record) {
      byte[] json = Wire.write(record);
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    }

    @Override
    public boolean mayExceed() {
      return false;
    }
  }
}
