package oca.server.http;

import oca.model.ByteRange;
import oca.server.caching.FieldSection;

/**
 * How a protocol renders header fields. Keeps nothing itself, so that one instance serves all
 * threads and an answer makes no garbage by it.
 *
 * @param <T> what is rendered into
 */
interface FieldSink<T> {

  /** Fields that are always the same. */
  void lines(T into, FieldLines lines);

  /** A field with a value of its own, in ASCII. */
  void field(T into, FieldName name, String value);

  /** Any fields, whose values may have any character of one byte (ISO 8859-1) but controls. */
  void section(T into, FieldSection fields);

  /** A field whose value is a number, 0 or more. */
  void number(T into, FieldName name, long value);

  /** A field whose value is a range of so many bytes (RFC 9110, section 14.4). */
  void range(T into, FieldName name, ByteRange range, long length);
}
