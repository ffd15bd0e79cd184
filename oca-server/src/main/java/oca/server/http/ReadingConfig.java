package oca.server.http;

import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;

/**
 * How files that are not in memory are read, so that no event loop waits for a disk.
 *
 * @param threadsPerVolume that read for one volume, once one of its files is asked for and is not
 *     in memory; 0 to ask nothing, let event loops wait for disks, and send what they read without
 *     comparing it with its checksums
 * @param queuePerVolume reads that may wait for those threads; beyond it a request that needs
 *     another is answered 503. An answer that has begun may always wait, with one read at a time
 * @param firstPiece what is read before the first byte is sent, or the blocks that it lies in; each
 *     further piece of the same answer is twice as long
 * @param piece the longest that is read at once; the next is read while one is sent
 * @param timeout so long an answer waits for one piece before it is broken off, or answered 503
 *     when it has not begun; looked at when the idle timeout ends
 */
public record ReadingConfig(
    @Default("8") int threadsPerVolume,
    @Default("256") int queuePerVolume,
    @Default("128KiB") ByteSize firstPiece,
    @Default("1MiB") ByteSize piece,
    @Default("20s") Duration timeout) {

  public ReadingConfig {
    HttpConfig.within("threadsPerVolume", threadsPerVolume, 0, 256);
    HttpConfig.within("queuePerVolume", queuePerVolume, 1, 100_000);
    HttpConfig.within("firstPiece", firstPiece.bytes(), 4096, 64 << 20);
    HttpConfig.within("piece", piece.bytes(), firstPiece.bytes(), 64 << 20);
    HttpConfig.within("timeout in ms", timeout.toMillis(), 10, 3_600_000);
  }
}
