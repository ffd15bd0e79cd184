package oca.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import oca.fill.causes.Cell;
import oca.fill.demand.Tally.Amount;
import oca.model.ContentId;
import oca.protocol.Wire;

/** All forms, by their names. */
final class Forms {
  static final Form<Arrival> ARRIVAL =
      new Form<>(
          "arrival",
          Arrival.class,
          true,
          (it, out) -> {
            out.writeUTF(it.kind().name());
            out.writeUTF(it.source());
            out.writeLong(it.offset());
            out.writeLong(it.received());
            writeText(it.sender(), out);
            writeBytes(it.value(), out);
          },
          in ->
              new Arrival(
                  Arrival.Kind.valueOf(in.readUTF()),
                  in.readUTF(),
                  in.readLong(),
                  in.readLong(),
                  readText(in),
                  readBytes(in)));

  static final Form<DemandPart> DEMAND_PART =
      new Form<>(
          "demand part",
          DemandPart.class,
          true,
          (it, out) -> {
            writeFile(it.cell().file(), out);
            writeText(it.cell().place(), out);
            out.writeLong(it.cell().hour());
            writeAmount(it.amount(), out);
            out.writeLong(it.length());
          },
          in ->
              new DemandPart(
                  new oca.fill.demand.Tally.Cell(readFile(in), readText(in), in.readLong()),
                  readAmount(in),
                  in.readLong()));

  static final Form<Standing> STANDING =
      new Form<>(
          "standing",
          Standing.class,
          true,
          (it, out) -> {
            writeText(it.region(), out);
            writeFile(it.file(), out);
            out.writeLong(it.bytes());
            out.writeLong(it.length());
          },
          in -> new Standing(readText(in), readFile(in), in.readLong(), in.readLong()));

  static final Form<Counted> COUNTED =
      new Form<>(
          "counted",
          Counted.class,
          true,
          (it, out) -> {
            out.writeUTF(it.name());
            out.writeLong(it.by());
          },
          in -> new Counted(in.readUTF(), in.readLong()));

  static final Form<Word> WORD =
      new Form<>(
          "word",
          Word.class,
          true,
          (it, out) -> {
            out.writeUTF(it.kind());
            writeText(it.key(), out);
            writeBytes(it.value(), out);
          },
          in -> new Word(in.readUTF(), readText(in), readBytes(in)));

  static final Form<Joining> JOINING = message("joining", Joining.class);
  static final Form<Cell> CELL = message("cell", Cell.class);

  static final Form<Sender> SENDER =
      kept("sender", Sender.class, Sender.Saved.class, Sender::saved, Sender::of);
  static final Form<FileDemand> FILE_DEMAND =
      new Form<>("file demand", FileDemand.class, false, FileDemand::write, FileDemand::read);
  static final Form<RankTable> RANK_TABLE =
      new Form<>("rank table", RankTable.class, false, RankTable::write, RankTable::read);
  static final Form<ApartTable> APART_TABLE =
      new Form<>("apart table", ApartTable.class, false, ApartTable::write, ApartTable::read);
  static final Form<Room> ROOM = kept("room", Room.class, Room.Saved.class, Room::saved, Room::of);
  static final Form<MissTable> MISS_TABLE =
      kept("miss table", MissTable.class, MissTable.Saved.class, MissTable::saved, MissTable::of);

  private static final Map<String, Form<?>> ALL =
      List.<Form<?>>of(
              ARRIVAL,
              DEMAND_PART,
              STANDING,
              COUNTED,
              WORD,
              JOINING,
              CELL,
              SENDER,
              FILE_DEMAND,
              RANK_TABLE,
              APART_TABLE,
              ROOM,
              MISS_TABLE)
          .stream()
          .collect(Collectors.toUnmodifiableMap(Form::name, Function.identity()));

  private Forms() {}

  static Form<?> named(String name) {
    Form<?> form = ALL.get(name);
    if (form == null) {
      throw new IllegalArgumentException("values of a kind that this version lacks: " + name);
    }
    return form;
  }

  /** A value that is written as JSON. */
  private static <T> Form<T> message(String name, Class<T> type) {
    return new Form<>(
        name,
        type,
        true,
        (it, out) -> writeBytes(Wire.write(it), out),
        in -> Wire.read(readBytes(in), type));
  }

  /** Something that changes, of which a value is written as JSON. */
  private static <T, S> Form<T> kept(
      String name, Class<T> type, Class<S> saved, Function<T, S> save, Function<S, T> restore) {
    return new Form<>(
        name,
        type,
        false,
        (it, out) -> writeBytes(Wire.write(save.apply(it)), out),
        in -> restore.apply(Wire.read(readBytes(in), saved)));
  }

  static void writeFile(ContentId file, DataOutput out) throws IOException {
    out.writeLong(file.high());
    out.writeLong(file.low());
  }

  static ContentId readFile(DataInput in) throws IOException {
    return new ContentId(in.readLong(), in.readLong());
  }

  static void writeAmount(Amount amount, DataOutput out) throws IOException {
    out.writeLong(amount.bytes());
    out.writeLong(amount.requests());
  }

  static Amount readAmount(DataInput in) throws IOException {
    return new Amount(in.readLong(), in.readLong());
  }

  /** Of any length, which {@link DataOutput#writeUTF} does not take. */
  static void writeText(String text, DataOutput out) throws IOException {
    writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  static String readText(DataInput in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
