package oca.flink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;

/**
 * How values of a type are written, on the way between tasks and in checkpoints. We write all of
 * them ourselves: Flink's own way for types that it does not know sets fields of records, which
 * Java does not allow.
 */
final class Form<T> implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** Writes a value. */
  interface Writer<T> {
    void write(T value, DataOutput out) throws IOException;
  }

  /** Reads it again. */
  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  private final String name;
  private final transient Class<T> type;
  private final transient boolean isValue;
  private final transient Writer<T> writer;
  private final transient Reader<T> reader;

  /**
   * A form.
   *
   * @param name under which {@link Forms} knows it, in checkpoints too
   * @param isValue whether such values never change
   */
  Form(String name, Class<T> type, boolean isValue, Writer<T> writer, Reader<T> reader) {
    this.name = name;
    this.type = type;
    this.isValue = isValue;
    this.writer = writer;
    this.reader = reader;
  }

  String name() {
    return name;
  }

  Class<T> type() {
    return type;
  }

  boolean isValue() {
    return isValue;
  }

  void write(T value, DataOutput out) throws IOException {
    writer.write(value, out);
  }

  T read(DataInput in) throws IOException {
    return reader.read(in);
  }

  /** Another that is equal, and changes by itself. */
  T copy(T value) {
    if (isValue) {
      return value;
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      write(value, new DataOutputStream(bytes));
      return read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
  }

  @Serial
  private Object readResolve() {
    return Forms.named(name);
  }
}
