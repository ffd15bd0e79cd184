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

/** Who may import whom in this module, and that nothing below imports it. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(
              "oca.cli",
              "oca.demo",
              "oca.drill",
              "oca.flame",
              "oca.operate",
              "oca.origin",
              "oca.whatif");
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca");

  @Test
  void demo_always_reachesOtherProcessesOnlyOverTheirListeners() {
    noClasses()
        .that()
        .resideInAPackage("oca.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "oca.server..", "oca.store..", "oca.fill..", "oca.steering..", "oca.cli..")
        .check(OURS);
  }

  @Test
  void drill_always_isDoneFromOutsideOfTheProcesses() {
    noClasses()
        .that()
        .resideInAPackage("oca.drill..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "oca.server..", "oca.store..", "oca.fill..", "oca.steering..", "oca.cli..")
        .check(OURS);
  }

  @Test
  void flame_always_knowsOnlyRecordings() {
    noClasses()
        .that()
        .resideInAPackage("oca.flame..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "oca.server..",
            "oca.store..",
            "oca.fill..",
            "oca.steering..",
            "oca.cli..",
            "oca.operate..")
        .check(OURS);
  }

  @Test
  void origin_always_knowsNeitherFillingNorSteering() {
    noClasses()
        .that()
        .resideInAPackage("oca.origin..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("oca.fill..", "oca.steering..", "oca.demo..", "oca.cli..")
        .check(OURS);
  }

  @Test
  void demandModel_always_isPure() {
    noClasses()
        .that()
        .haveSimpleNameStartingWith("DemandModel")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.time..", "java.io..", "java.net..", "java.nio..", "java.util.concurrent..")
        .check(OURS);
  }

  @Test
  void lowerFloors_always_knowNothingOfThisOne() {
    classes()
        .that()
        .resideInAnyPackage(
            "oca.cli..",
            "oca.demo..",
            "oca.drill..",
            "oca.flame..",
            "oca.operate..",
            "oca.origin..",
            "oca.whatif..")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAnyPackage(
            "oca.cli..",
            "oca.demo..",
            "oca.drill..",
            "oca.flame..",
            "oca.operate..",
            "oca.origin..",
            "oca.whatif..")
        .check(ALL);
  }

  @Test
  void packages_always_areFreeOfCycles() {
    slices().matching("oca.(**)").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void packages_always_sayWhatTheyAreFor() {
    List<String> silent =
        OURS.stream()
            .map(type -> type.getPackage())
            .distinct()
            .filter(room -> room.tryGetPackageInfo().isEmpty())
            .map(JavaPackage::getName)
            .toList();
    assertEquals(List.of(), silent, "packages without package-info.java");
  }
}
