package oca;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may import whom in this module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca");

  @Test
  void store_always_knowsNothingElseOfOurs() {
    classes()
        .that()
        .resideInAPackage("oca.store..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "oca.store..", "java..", "org.jspecify..", "org.slf4j..", "net.openhft..")
        .check(CLASSES);
  }

  @Test
  void disk_always_knowsOnlyTheJdkAndTheLog() {
    classes()
        .that()
        .resideInAPackage("oca.store.disk..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("oca.store.disk..", "java..", "org.jspecify..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void chronicle_always_isKnownToTheIndexAlone() {
    noClasses()
        .that()
        .haveNameNotMatching("oca\\.store\\.ContentIndex(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("net.openhft..")
        .check(CLASSES);
  }

  @Test
  void packages_always_areFreeOfCycles() {
    slices().matching("oca.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packages_always_sayWhatTheyAreFor() {
    List<String> silent =
        CLASSES.stream()
            .map(type -> type.getPackage())
            .distinct()
            .filter(room -> room.tryGetPackageInfo().isEmpty())
            .map(JavaPackage::getName)
            .toList();
    assertEquals(List.of(), silent, "packages without package-info.java");
  }
}
