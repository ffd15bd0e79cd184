import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<String> faults = new ArrayList<>();
    Formatter formatter = new Formatter();
    for (Path source : sources) {
      String before = Files.readString(source);
      try {
        String after = formatter.formatSourceAndFixImports(before);
        if (!after.equals(before)) {
          if (apply) {
            Files.writeString(source, after);
            System.out.println("formatted " + root.relativize(source));
          } else {
            faults.add(root.relativize(source) + " is not formatted");
          }
        }
      } catch (FormatterException e) {
        faults.add(root.relativize(source) + " does not parse: " + e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      faults.forEach(System.err::println);
      System.err.println("Remedy: mvn -q -N validate -Dformat=apply");
      System.exit(1);
    }
  }
}
