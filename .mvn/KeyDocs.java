import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes what the components of configuration records are for, as their Javadoc says, into a
 * properties file that the command shows ({@code oca config explain}) and the JSON Schema bears.
 *
 * <p>Arguments: the file to write, and the root folder of the tree. Nothing is compiled: the
 * records are those in files named {@code *Config.java} and all that their components name, at any
 * depth.
 */
class KeyDocs {
  /**
   * A record of the sources.
   *
   * @param meanings of its components, by {@code binary name#component}
   * @param types simple names of all that stands in its components' types
   * @param root whether it stands in a configuration's file
   */
  private record Found(Map<String, String> meanings, Set<String> types, boolean root) {}

  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[0]);
    Map<String, List<Found>> records = new TreeMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources(Path.of(args[1]))));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Records(docs, unit, records).scan(unit, null);
      }
    }
    Files.createDirectories(out.getParent());
    Files.write(out, lines(records));
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> path.toString().contains("/src/main/java/"))
          .filter(path -> !path.startsWith(root.resolve("benchmarks")))
          .sorted()
          .toList();
    }
  }

  /** Of the configurations, and of all that can be reached from them. */
  private static List<String> lines(Map<String, List<Found>> records) {
    Deque<Found> open = new ArrayDeque<>();
    records.values().forEach(list -> list.stream().filter(Found::root).forEach(open::add));
    Set<Found> seen = new HashSet<>(open);
    Map<String, String> lines = new TreeMap<>();
    while (!open.isEmpty()) {
      Found found = open.remove();
      lines.putAll(found.meanings());
      for (String type : found.types()) {
        records.getOrDefault(type, List.of()).stream().filter(seen::add).forEach(open::add);
      }
    }
    return lines.entrySet().stream().map(line -> line.getKey() + "=" + line.getValue()).toList();
  }

  /** Finds the records of a file, also those within others. */
  private static final class Records extends TreePathScanner<Void, Void> {
    private static final Pattern NAME = Pattern.compile("\\w+");

    private final DocTrees docs;
    private final String packageName;
    private final boolean root;
    private final Map<String, List<Found>> records;
    private final Deque<String> outer = new ArrayDeque<>();

    Records(DocTrees docs, CompilationUnitTree unit, Map<String, List<Found>> records) {
      this.docs = docs;
      this.packageName = unit.getPackageName() + ".";
      this.root = unit.getSourceFile().getName().endsWith("Config.java");
      this.records = records;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      outer.addLast(type.getSimpleName().toString());
      if (type.getKind() == Tree.Kind.RECORD) {
        records
            .computeIfAbsent(type.getSimpleName().toString(), _ -> new ArrayList<>())
            .add(new Found(meanings(), types(type), root));
      }
      super.visitClass(type, nothing);
      outer.removeLast();
      return null;
    }

    private Map<String, String> meanings() {
      Map<String, String> meanings = new TreeMap<>();
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        for (DocTree tag : comment.getBlockTags()) {
          if (tag instanceof ParamTree param && !param.isTypeParameter()) {
            String key = packageName + String.join("$", outer) + "#" + param.getName();
            meanings.put(key, text(param.getDescription()).replace("\\", "\\\\"));
          }
        }
      }
      return meanings;
    }

    /** Components are the fields of a record that are not static. */
    private static Set<String> types(ClassTree type) {
      Set<String> types = new TreeSet<>();
      for (Tree member : type.getMembers()) {
        if (member instanceof VariableTree field
            && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
          NAME.matcher(field.getType().toString()).results().forEach(m -> types.add(m.group()));
        }
      }
      return types;
    }

    /** The sentence without its markup. */
    private static String text(List<? extends DocTree> description) {
      String raw = description.stream().map(DocTree::toString).collect(Collectors.joining());
      return raw.replaceAll("\\{@(?:code|literal)\\s+([^}]*)}", "$1")
          .replaceAll("\\{@link(?:plain)?\\s+[^ }]+\\s+([^}]*)}", "$1")
          .replaceAll("\\{@link(?:plain)?\\s+(?:[\\w.]*\\.)?([\\w]+)(?:#([\\w]+))?[^}]*}", "$1")
          .replaceAll("</?\\w+[^>]*>", "")
          .replaceAll("\\s+", " ")
          .strip();
    }
  }
}
