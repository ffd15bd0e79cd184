package oca.operate;

import java.util.List;

/**
 * One part of the doctor's examination. Changes nothing; ends in some seconds whatever it meets.
 */
interface Check {
  /** All of them, in the order in which they are told. */
  List<Check> ALL =
      List.of(
          new ConfigCheck(),
          new LimitsCheck(),
          new KernelCheck(),
          new MemoryCheck(),
          new DiskCheck(),
          new NetworkCheck(),
          new ClockCheck(),
          new NamesCheck(),
          new CertificateCheck(),
          new RoutesCheck());

  List<Finding> look(Machine machine);
}
