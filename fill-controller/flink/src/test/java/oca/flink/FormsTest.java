package oca.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.List;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;
import oca.model.ContentId;
import oca.protocol.SteeringRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Values come back as they were, and checkpoints say by which form they are to be read. */
class FormsTest {
  private static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");

  @Test
  void values_writtenAndRead_areTheSame() throws Exception {
    same(Forms.DEMAND_PART, new DemandPart(new Cell(FILE, "nörth", 7), new Amount(5, 2), 9));
    same(Forms.STANDING, new Standing("north", FILE, 5, 9));
    same(Forms.COUNTED, new Counted("late", 3));
    SteeringRecord answer =
        new SteeringRecord(
            Instant.EPOCH,
            1,
            null,
            "n",
            "",
            "k",
            null,
            null,
            List.of(),
            List.of(),
            0,
            30,
            0,
            false,
            "v");
    same(Forms.JOINING, new Joining(1, "oca.steering/0", 2, "k", List.of(), List.of(answer)));
    Arrival arrival = new Arrival(Arrival.Kind.STEERING, "s/0", 3, 4, "x", new byte[] {1, 2});
    Arrival read = Forms.ARRIVAL.read(input(Forms.ARRIVAL, arrival));
    assertEquals(arrival.sender() + arrival.received(), read.sender() + read.received());
    assertEquals(2, read.value().length);
  }

  @Test
  void changing_copied_changesByItself() {
    FileDemand demand = new FileDemand(FILE);
    demand.add(new DemandPart(new Cell(FILE, "north", 7), new Amount(5, 1), 10));
    FileDemand copy = Forms.FILE_DEMAND.copy(demand);
    demand.add(new DemandPart(new Cell(FILE, "north", 7), new Amount(5, 1), 10));
    assertEquals(5, copy.changed().getFirst().bytes());
    assertEquals(10, demand.changed().getFirst().bytes());
  }

  @Test
  void form_sentToATask_isTheOneOfThatName() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Forms.ROOM);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertSame(Forms.ROOM, in.readObject());
    }
    assertThrows(IllegalArgumentException.class, () -> Forms.named("of a later version"));
  }

  @Test
  void snapshot_read_restoresTheSerializer() throws Exception {
    TypeSerializer<Standing> serializer =
        FormType.of(Forms.STANDING).createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    TypeSerializerSnapshot<Standing> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());
    assertEquals(serializer, snapshot.restoreSerializer());
    assertTrue(
        serializer.snapshotConfiguration().resolveSchemaCompatibility(snapshot).isCompatibleAsIs());
  }

  private static <T> void same(Form<T> form, T value) throws Exception {
    assertEquals(value, form.read(input(form, value)));
  }

  private static <T> DataInputDeserializer input(Form<T> form, T value) throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    form.write(value, out);
    return new DataInputDeserializer(out.getCopyOfBuffer());
  }
}
