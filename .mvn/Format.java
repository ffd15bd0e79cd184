import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Formats the tree's Java sources with google-java-format, or checks that they are formatted.
 *
 * <p>Maven itself may run on JDK 17, whose compiler cannot parse this tree; the formatter needs the
 * JDK of the tree, so the build starts this file with the toolchain's {@code java}.
 *
 * <p>Arguments: {@code check|apply} and the root folder. Exit status 1 when a file is not as the
 * formatter would write it, or does not parse; each such file is named.
 */
class Format {
  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    List<Path> sources;
    try (Stream<Path> walk = Files.walk(root)) {
      sources =
          walk.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.toString().contains("/target/"))
              .sorted()
              .toList();
    }
    Formatter formatter = new Formatter();
    List<String> faults =
        sources.parallelStream()
            .flatMap(source -> format(formatter, source, root, apply).stream())
            .toList();
    if (!faults.isEmpty()) {
      faults.forEach(System.err::println);
      System.err.println("Remedy: mvn -q -N validate -Dformat=apply");
      System.exit(1);
    }
  }

  /** What is wrong with a file, if anything. */
  private static Optional<String> format(
      Formatter formatter, Path source, Path root, boolean apply) {
    try {
      String before = Files.readString(source);
      String after = formatter.formatSourceAndFixImports(before);
      if (after.equals(before)) {
        return Optional.empty();
      }
      if (!apply) {
        return Optional.of(root.relativize(source) + " is not formatted");
      }
      Files.writeString(source, after);
      System.out.println("formatted " + root.relativize(source));
      return Optional.empty();
    } catch (FormatterException e) {
      return Optional.of(root.relativize(source) + " does not parse: " + e.getMessage());
    } catch (IOException e) {
      return Optional.of(root.relativize(source) + " cannot be read or written: " + e.getMessage());
    }
  }
}
