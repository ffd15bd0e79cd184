package oca.bench.serve;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One abuse of a server.
 *
 * @param name on the command line
 * @param connections that are open at once
 * @param way what each does
 * @param dripMillis between two bytes of an opening; 0 for all of it at once
 * @param openings what a connection says first, taken in turn
 * @param flood what it says after that, for as long as it is let
 * @param mustBeRefused whether an answer 2xx is a fault of the server
 * @param http2 whether it speaks HTTP/2
 */
record Attack(
    String name,
    int connections,
    Way way,
    int dripMillis,
    List<byte[]> openings,
    Flood flood,
    boolean mustBeRefused,
    boolean http2) {

  /** What a connection does. */
  enum Way {
    /** It is closed as soon as it stands. */
    CLOSE_AT_ONCE,
    /** It asks, awaits the answer's status, and asks for the next as long as it is kept. */
    ASK_ON,
    /** It says what it has to say and reads what comes until the server ends it. */
    AWAIT_CLOSE,
    /** It asks, reads some of the answer, and is reset. */
    RESET_MIDWAY,
    /** It asks and never reads; replaced by another after a while. */
    READ_NOTHING
  }

  /** What is sent over and over. */
  interface Flood {
    /** No flood. */
    Flood NONE =
        new Flood() {
          @Override
          public byte[] block(int number) {
            return new byte[0];
          }

          @Override
          public int units() {
            return 0;
          }
        };

    /** The bytes of one block, which are many units; blocks of a connection count from 0. */
    byte[] block(int number);

    /** How many frames, or whatever it is, a block has. */
    int units();

    /** Always the same block. */
    static Flood of(byte[] unit, int units) {
      byte[] block = new byte[unit.length * units];
      for (int i = 0; i < units; i++) {
        System.arraycopy(unit, 0, block, i * unit.length, unit.length);
      }
      return numbered(_ -> block, units);
    }

    /** Blocks that differ. */
    static Flood numbered(IntFunction<byte[]> blocks, int units) {
      return new Flood() {
        @Override
        public byte[] block(int number) {
          return blocks.apply(number);
        }

        @Override
        public int units() {
          return units;
        }
      };
    }
  }
}
