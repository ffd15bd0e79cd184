package oca.store;

/** What reading a file in full and comparing it with its checksums has found. */
public enum Verification {
  /** Every block is what was written. */
  WHOLE,
  /** Bytes differ or cannot be read; the file was taken out, to be repaired or in quarantine. */
  DAMAGED,
  /** There is no such whole file. */
  NOT_HERE
}
