package oca.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code oca version}: says which build this is and what runs it. */
@Command(name = "version", description = "Say which version this is and which Java runs it.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {

  @Override
  public Integer call() {
    System.out.println(getVersion()[0]);
    return 0;
  }

  @Override
  public String[] getVersion() {
    String version = Oca.class.getPackage().getImplementationVersion();
    return new String[] {
      "oca "
          + (version == null ? "unpackaged" : version)
          + " (Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.version")
          + " "
          + System.getProperty("os.arch")
          + ")"
    };
  }
}
