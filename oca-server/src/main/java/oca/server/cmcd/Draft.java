package oca.server.cmcd;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import oca.server.cmcd.FieldScanner.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What was read up to now of one request's CMCD. Keys may come in any order, and some mean
 * something only together with others, so all are collected before the answer is made. Used once,
 * by one thread.
 */
final class Draft {
  private final CmcdLimits limits;
  private final Map<Key, Integer> numbers = new EnumMap<>(Key.class);
  private final Map<Key, Amounts> amounts = new EnumMap<>(Key.class);
  private final List<NextObject> next = new ArrayList<>(1);
  private int keys;
  private int malformed;
  private @Nullable String sessionId;
  private @Nullable String contentId;
  private @Nullable ObjectType objectType;
  private @Nullable StreamingFormat streamingFormat;
  private @Nullable StreamType streamType;
  private @Nullable PlayerState playerState;
  private double playbackRate = -1;
  private boolean starved;
  private boolean startup;
  private boolean isList;
  private @Nullable String nextRange;

  Draft(CmcdLimits limits) {
    this.limits = limits;
  }

  /** Counts something that was not even looked at. */
  void reject() {
    malformed++;
  }

  /** Reads the members of one text; of a key that comes again, the later value counts. */
  void read(String text) {
    FieldScanner scan = new FieldScanner(text);
    while (keys <= limits.maxKeys() && scan.nextMember()) {
      if (++keys > limits.maxKeys()) {
        malformed++;
        return;
      }
      Key key = scan.key();
      if (key == null) {
        malformed += scan.isNameless() ? 1 : 0;
        scan.skipMember();
      } else if (!take(key, scan)) {
        malformed++;
        scan.skipMember();
      }
    }
  }

  private boolean take(Key key, FieldScanner scan) {
    return switch (key) {
      case AB, BL, BR, MTP, TB -> takeAmounts(key, scan);
      case D, DL, RTP, V -> takeNumber(key, scan);
      case PR -> takeRate(scan);
      case BS, SU -> takeTruth(key, scan);
      case CID, SID -> takeId(key, scan);
      case OT, SF, ST, STA -> takeWord(key, scan);
      case NOR -> takeNext(scan);
      case NRR -> takeNextRange(scan);
    };
  }

  private boolean takeAmounts(Key key, FieldScanner scan) {
    Amounts read = new Amounts();
    if (!scan.take('=')) {
      return false;
    }
    if (!scan.take('(')) {
      return takeAmount(read, scan) && keep(key, read, scan);
    }
    for (scan.skipSpaces(); !scan.take(')'); scan.skipSpaces()) {
      if (!takeAmount(read, scan)) {
        return false;
      }
    }
    return keep(key, read, scan);
  }

  private boolean keep(Key key, Amounts read, FieldScanner scan) {
    if (!endsMember(scan)) {
      return false;
    }
    amounts.put(key, read);
    return true;
  }

  /** One number and the object type among its parameters, if there is one. */
  private static boolean takeAmount(Amounts into, FieldScanner scan) {
    int amount = scan.value() == Kind.NUMBER ? whole(scan.thousandths()) : -1;
    if (amount < 0) {
      return false;
    }
    ObjectType type = null;
    while (scan.nextParameter()) {
      ObjectType named = scan.objectType();
      type = named == null ? type : named;
      if (scan.assigned() == null) {
        return false;
      }
    }
    into.add(amount, type);
    return true;
  }

  private boolean takeNumber(Key key, FieldScanner scan) {
    int number = scan.assigned() == Kind.NUMBER ? whole(scan.thousandths()) : -1;
    if (number < 0 || (key == Key.V && number == 0) || !endsMember(scan)) {
      return false;
    }
    numbers.put(key, number);
    return true;
  }

  private boolean takeRate(FieldScanner scan) {
    long thousandths = scan.assigned() == Kind.NUMBER ? scan.thousandths() : -1;
    if (thousandths < 0 || !endsMember(scan)) {
      return false;
    }
    playbackRate = thousandths / 1000.0;
    return true;
  }

  private boolean takeTruth(Key key, FieldScanner scan) {
    Kind kind = scan.assigned();
    if ((kind != Kind.TRUE && kind != Kind.FALSE) || !endsMember(scan)) {
      return false;
    }
    if (key == Key.BS) {
      starved = kind == Kind.TRUE;
    } else {
      startup = kind == Kind.TRUE;
    }
    return true;
  }

  private boolean takeId(Key key, FieldScanner scan) {
    String id = string(scan);
    int most = key == Key.SID ? CmcdLimits.MAX_SESSION_ID : CmcdLimits.MAX_CONTENT_ID;
    if (id == null || id.isEmpty() || id.length() > most || !endsMember(scan)) {
      return false;
    }
    if (key == Key.SID) {
      sessionId = id;
    } else {
      contentId = id;
    }
    return true;
  }

  private boolean takeWord(Key key, FieldScanner scan) {
    if (scan.assigned() != Kind.TOKEN) {
      return false;
    }
    ObjectType object = key == Key.OT ? scan.objectType() : null;
    StreamingFormat format = key == Key.SF ? scan.streamingFormat() : null;
    StreamType stream = key == Key.ST ? scan.streamType() : null;
    PlayerState state = key == Key.STA ? scan.playerState() : null;
    boolean known = object != null || format != null || stream != null || state != null;
    if (!known || !endsMember(scan)) {
      return false;
    }
    objectType = object == null ? objectType : object;
    streamingFormat = format == null ? streamingFormat : format;
    streamType = stream == null ? streamType : stream;
    playerState = state == null ? playerState : state;
    return true;
  }

  /** Version 1: one reference, percent-encoded again. Version 2: a list of them, as they are. */
  private boolean takeNext(FieldScanner scan) {
    List<NextObject> read = new ArrayList<>(1);
    if (!scan.take('=')) {
      return false;
    }
    boolean list = scan.take('(');
    if (!(list ? addAll(read, scan) : addOne(read, scan)) || !endsMember(scan)) {
      return false;
    }
    next.clear();
    next.addAll(read);
    isList = list;
    return true;
  }

  private boolean addOne(List<NextObject> into, FieldScanner scan) {
    return scan.value() == Kind.STRING && addNext(into, CmcdParser.decoded(scan.content()), scan);
  }

  private boolean addAll(List<NextObject> into, FieldScanner scan) {
    for (scan.skipSpaces(); !scan.take(')'); scan.skipSpaces()) {
      if (scan.value() != Kind.STRING || !addNext(into, scan.content(), scan)) {
        return false;
      }
    }
    return true;
  }

  private boolean addNext(List<NextObject> into, String path, FieldScanner scan) {
    String range = null;
    while (scan.nextParameter()) {
      boolean isRange = scan.isNamed("r");
      Kind kind = scan.assigned();
      if (kind == null || (isRange && kind != Kind.STRING)) {
        return false;
      }
      range = isRange ? scan.content() : range;
    }
    if (!isRelative(path) || (range != null && !isRange(range))) {
      return false;
    }
    if (into.size() < limits.maxNext()) {
      into.add(new NextObject(path, range));
    }
    return true;
  }

  private boolean takeNextRange(FieldScanner scan) {
    String range = string(scan);
    if (range == null || !isRange(range) || !endsMember(scan)) {
      return false;
    }
    nextRange = range;
    return true;
  }

  private static @Nullable String string(FieldScanner scan) {
    return scan.assigned() == Kind.STRING ? scan.content() : null;
  }

  /** Steps over parameters that say nothing to us; whether the member is over then. */
  private static boolean endsMember(FieldScanner scan) {
    while (scan.nextParameter()) {
      if (scan.assigned() == null) {
        return false;
      }
    }
    return scan.isMemberOver();
  }

  /** Rounded, for players that send fractions where whole numbers belong; -1 when out of range. */
  private static int whole(long thousandths) {
    return thousandths < 0 || thousandths > Integer.MAX_VALUE * 1000L
        ? -1
        : (int) Math.min((thousandths + 500) / 1000, Integer.MAX_VALUE);
  }

  /** A relative reference without scheme, authority or anything that is no part of a URL. */
  private static boolean isRelative(String path) {
    boolean inFirstSegment = true;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      inFirstSegment &= c != '/' && c != '?' && c != '#';
      if (c < ' ' || c == 0x7f || c == 0xfffd || c == '\\' || (c == ':' && inFirstSegment)) {
        return false;
      }
    }
    return !path.startsWith("//");
  }

  /** One range as behind {@code bytes=} in a Range field (RFC 9110, section 14.1.2). */
  private static boolean isRange(String range) {
    int dash = range.indexOf('-');
    return dash >= 0
        && range.length() > 1
        && range.length() <= 40
        && range.chars().filter(c -> c == '-').count() == 1
        && range.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }

  /** All that was read, as one value. */
  Cmcd finish(Cmcd.Source source) {
    int version = numbers.getOrDefault(Key.V, 1);
    String content = contentId;
    if (version == 1 && content != null && content.length() > CmcdLimits.MAX_CONTENT_ID_V1) {
      content = null;
      malformed++;
    }
    int bitrate = amount(Key.BR, Amounts.Together.SUM);
    return new Cmcd(
        source,
        version,
        malformed,
        sessionId,
        content,
        objectType,
        streamingFormat,
        streamType,
        playerState,
        bitrate < 0 ? amount(Key.AB, Amounts.Together.SUM) : bitrate,
        amount(Key.TB, Amounts.Together.SUM),
        numbers.getOrDefault(Key.RTP, -1),
        amount(Key.MTP, Amounts.Together.MOST),
        amount(Key.BL, Amounts.Together.LEAST),
        numbers.getOrDefault(Key.DL, -1),
        numbers.getOrDefault(Key.D, -1),
        playbackRate,
        starved,
        startup,
        nextObjects());
  }

  private int amount(Key key, Amounts.Together together) {
    Amounts of = amounts.get(key);
    return of == null ? -1 : of.of(objectType, together);
  }

  /** The range of version 1 goes with its one object, or stands for the same object again. */
  private List<NextObject> nextObjects() {
    if (nextRange == null || isList) {
      return next;
    }
    return List.of(new NextObject(next.isEmpty() ? "" : next.getFirst().path(), nextRange));
  }
}
