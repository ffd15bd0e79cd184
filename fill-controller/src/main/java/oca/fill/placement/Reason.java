package oca.fill.placement;

/** Why a unit has the copies it has at a site: the whole list. */
public enum Reason {
  PINNED(true, "the configuration pins it here"),
  POPULAR(true, "its predicted bytes per byte stored earned it the copies its popularity asks for"),
  KEPT(true, "it was here already, and no challenger exceeds it by the hysteresis"),
  FILLS_ROOM(true, "nobody here is expected to ask for it; there was room left"),
  COPIES_CUT(true, "it is placed, but room for all the copies its popularity asks for ran out"),
  NO_ROOM(false, "titles with more predicted bytes per byte stored took the room"),
  TOO_LARGE(false, "it is larger than what any appliance of the site may hold");

  private final boolean placed;
  private final String sentence;

  Reason(boolean placed, String sentence) {
    this.placed = placed;
    this.sentence = sentence;
  }

  /** Whether at least one copy is placed. */
  public boolean placed() {
    return placed;
  }

  /** For a reader, without subject's name or full stop. */
  public String sentence() {
    return sentence;
  }

  static Reason of(SiteRound round, int unit) {
    int copies = round.placed[unit];
    if (copies == 0) {
      boolean fitsNowhere =
          round.task.rooms().stream()
              .allMatch(room -> round.task.bytes()[unit] > room.usable(round.task.rules()));
      return fitsNowhere ? TOO_LARGE : NO_ROOM;
    }
    if (copies < round.ranking.wanted[unit]) {
      return COPIES_CUT;
    }
    if (copies <= round.task.pins().getOrDefault(unit, 0)) {
      return PINNED;
    }
    if (round.ranking.isFaint(unit)) {
      return FILLS_ROOM;
    }
    return round.ranking.before[unit] > 0 ? KEPT : POPULAR;
  }
}
