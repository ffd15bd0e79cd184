import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Writes the classes of a jar anew in a format that Java's cache of classes (JEP 483) takes. Those
 * of Java 5, as picocli's are, it leaves out, and each start of the command loads and verifies them
 * again, which takes longer than all else that it does. What the classes do is not changed; only
 * their version is, and the maps of their stacks are added. The same jar in gives the same jar out.
 *
 * <pre>java .mvn/Relink.java FOLDER PREFIX-OF-THE-JAR'S-NAME</pre>
 */
final class Relink {
  private static final int JAVA_6 = 50;
  private static final int JAVA_17 = 61;
  private static final String NOTE = "META-INF/RELINKED.txt";

  public static void main(String[] args) throws IOException {
    try (var jars = Files.newDirectoryStream(Path.of(args[0]), args[1] + "*.jar")) {
      for (Path jar : jars) {
        relink(jar);
      }
    }
  }

  private static void relink(Path jar) throws IOException {
    Path part = jar.resolveSibling(jar.getFileName() + ".part");
    try (JarFile in = new JarFile(jar.toFile());
        URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      if (in.getEntry(NOTE) != null) {
        return;
      }
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(classes)
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      try (OutputStream file = Files.newOutputStream(part);
          JarOutputStream out = new JarOutputStream(file)) {
        long time = 0;
        for (JarEntry entry : Collections.list(in.entries())) {
          byte[] content = in.getInputStream(entry).readAllBytes();
          JarEntry copy = new JarEntry(entry);
          copy.setCompressedSize(-1);
          copy.setMethod(JarEntry.DEFLATED);
          out.putNextEntry(copy);
          out.write(entry.getName().endsWith(".class") ? written(format, content) : content);
          time = entry.getTime();
        }
        JarEntry note = new JarEntry(NOTE);
        note.setTime(time);
        out.putNextEntry(note);
        out.write(
            ("Classes of this archive that were of format 49 or older were written anew in format "
                    + JAVA_17
                    + ", with maps of their stacks; nothing else of them was changed.\n")
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] written(ClassFile format, byte[] content) {
    ClassModel model = format.parse(content);
    return model.majorVersion() >= JAVA_6
        ? content
        : format.transformClass(
            model,
            ClassTransform.endHandler(it -> it.withVersion(JAVA_17, 0))
                .andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
  }
}
