package oca.operate;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code oca disk add}: one more disk. */
@Command(
    name = "add",
    description =
        "Put one more disk into service; returns when what is on it was found. Name it in the"
            + " configuration too, or the next start is without it.")
final class DiskAddCommand implements Callable<Integer> {
  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private DiskSize size = new DiskSize();

  @Parameters(paramLabel = "FOLDER", description = "where its file system is mounted")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws Exception {
    Disks disks = new Disks(admin.patientDoor(), output, Watch.SYSTEM);
    String path = folder.toAbsolutePath().normalize().toString();
    Json volumes = disks.add(path, size.capacity(), size.reserve());
    output.err().println(path + " is in service; name it in the configuration too");
    output.err().flush();
    disks.show(volumes, Json.NONE);
    return Exit.GOOD;
  }
}
