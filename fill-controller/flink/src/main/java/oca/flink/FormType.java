package oca.flink;

import java.io.IOException;
import java.io.Serial;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** A {@link Form} as Flink wants it. */
final class FormType<T> extends TypeInformation<T> {
  @Serial private static final long serialVersionUID = 1;

  private final Form<T> form;

  private FormType(Form<T> form) {
    this.form = form;
  }

  static <T> TypeInformation<T> of(Form<T> form) {
    return new FormType<>(form);
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<T> getTypeClass() {
    return form.type();
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return new FormSerializer<>(form);
  }

  @Override
  public String toString() {
    return form.name();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FormType<?> type && type.form == form;
  }

  @Override
  public int hashCode() {
    return form.name().hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof FormType;
  }

  private static final class FormSerializer<T> extends TypeSerializer<T> {
    @Serial private static final long serialVersionUID = 1;

    private final Form<T> form;

    FormSerializer(Form<T> form) {
      this.form = form;
    }

    @Override
    public boolean isImmutableType() {
      return form.isValue();
    }

    @Override
    public TypeSerializer<T> duplicate() {
      return this;
    }

    @Override
    @SuppressWarnings("NullAway") // Flink takes null for: there is nothing to reuse.
    public T createInstance() {
      return null;
    }

    @Override
    public T copy(T from) {
      return form.copy(from);
    }

    @Override
    public T copy(T from, T reuse) {
      return form.copy(from);
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(T value, DataOutputView out) throws IOException {
      form.write(value, out);
    }

    @Override
    public T deserialize(DataInputView in) throws IOException {
      return form.read(in);
    }

    @Override
    public T deserialize(T reuse, DataInputView in) throws IOException {
      return form.read(in);
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
      form.write(form.read(in), out);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof FormSerializer<?> serializer && serializer.form == form;
    }

    @Override
    public int hashCode() {
      return form.name().hashCode();
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
      return new Snapshot<>(form);
    }
  }

  /** What stands in a checkpoint of how its values are written. Made by Flink, hence public. */
  public static final class Snapshot<T> implements TypeSerializerSnapshot<T> {
    private @Nullable Form<T> form;

    /** For Flink, which reads it then. */
    public Snapshot() {}

    Snapshot(Form<T> form) {
      this.form = form;
    }

    @Override
    public int getCurrentVersion() {
      return 1;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
      out.writeUTF(form().name());
    }

    @Override
    @SuppressWarnings("unchecked") // The name says which it is.
    public void readSnapshot(int version, DataInputView in, ClassLoader classes)
        throws IOException {
      form = (Form<T>) Forms.named(in.readUTF());
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
      return new FormSerializer<>(form());
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
        TypeSerializerSnapshot<T> older) {
      return older instanceof Snapshot<T> other && other.form == form
          ? TypeSerializerSchemaCompatibility.compatibleAsIs()
          : TypeSerializerSchemaCompatibility.incompatible();
    }

    private Form<T> form() {
      if (form == null) {
        throw new IllegalStateException("not read yet");
      }
      return form;
    }
  }
}
