package oca.operate;

import java.util.List;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca disk list}: all disks. */
@Command(
    name = "list",
    description = {
      "List the disks, how full they are, and how much of each the search for damage has read in"
          + " its present pass.",
      "Exits 1 when one of them is out of service."
    })
final class DiskListCommand implements Callable<Integer> {
  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public Integer call() throws Exception {
    Door door = admin.door();
    Disks disks = new Disks(door, output, Watch.SYSTEM);
    Json volumes = disks.list();
    disks.show(volumes, output.isJson() ? Json.NONE : door.get("/v1/scrub"));
    List<Json> all = volumes.at("volumes").items();
    return all.stream().allMatch(it -> it.at("inService").isTrue()) ? Exit.GOOD : Exit.ATTENTION;
  }
}
