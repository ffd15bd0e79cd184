package oca.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Benchmarks see all and are seen by none. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca");

  @Test
  void benchmarks_always_areSeenByNobody() {
    classes()
        .that()
        .resideInAPackage("oca.bench..")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAPackage("oca.bench..")
        .check(ALL);
  }

  @Test
  void packageInfo_always_isThere() {
    for (JavaPackage room : ALL.getPackage("oca.bench").getSubpackagesInTree()) {
      assertTrue(
          room.getName().contains("jmh_generated") || room.tryGetPackageInfo().isPresent(),
          room.getName());
    }
    assertTrue(ALL.getPackage("oca.bench").tryGetPackageInfo().isPresent());
  }
}
