package oca.fill;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom in this module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca.fill");

  /** Pure leaves, the store, and snapshots: what a room may know of another. */
  private static final Set<String> OPEN_ROOMS =
      Set.of("oca.fill.day", "oca.fill.forecast", "oca.fill.placement", "oca.fill.state");

  private static final Set<String> SNAPSHOTS =
      Set.of("oca.fill.catalog.CatalogView", "oca.fill.fleet.FleetSnapshot");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "catalog",
        "causes",
        "console",
        "demand",
        "evaluate",
        "fleet",
        "intake",
        "jobs",
        "ledger",
        "plan",
        "publish",
        "release",
        "topology",
        "trigger",
        "workload"
      })
  void room_always_knowsNoSiblingButLeavesAndSnapshots(String room) {
    noClasses()
        .that()
        .resideInAPackage("oca.fill." + room)
        .should()
        .dependOnClassesThat(closedTo("oca.fill." + room))
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"day", "forecast", "placement", "topology"})
  void pureRoom_always_knowsOnlyModelAndValuesOfTheJdk(String room) {
    classes()
        .that()
        .resideInAPackage("oca.fill." + room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "oca.fill." + room,
            "oca.model",
            "java.lang",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "java.time..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"day", "forecast", "placement", "topology"})
  void pureRoom_always_hasNoClockThreadOrRandomness(String room) {
    noClasses()
        .that()
        .resideInAPackage("oca.fill." + room)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Thread.class,
            java.util.Random.class,
            java.util.UUID.class,
            java.time.Clock.class,
            java.time.InstantSource.class)
        .check(CLASSES);
  }

  @Test
  void causes_always_arePureAndKnowOnlyMessages() {
    classes()
        .that()
        .resideInAPackage("oca.fill.causes")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "oca.fill.causes",
            "oca.model",
            "oca.protocol",
            "com.fasterxml.jackson.annotation",
            "java.lang",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "java.time..",
            "org.jspecify..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("oca.fill.causes")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Thread.class,
            java.util.Random.class,
            java.util.UUID.class,
            java.time.Clock.class,
            java.time.InstantSource.class)
        .check(CLASSES);
  }

  @Test
  void state_always_knowsNothingOfOursButHowAStartIsRefused() {
    noClasses()
        .that()
        .resideInAPackage("oca.fill.state")
        .should()
        .dependOnClassesThat(closedTo("oca.fill.state"))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("oca.model..", "oca.config..")
        .orShould()
        .dependOnClassesThat(
            resideInAPackage("oca.protocol..").and(not(resideInAPackage("oca.protocol.service"))))
        .check(CLASSES);
  }

  @Test
  void h2_always_isKnownToTheStoreAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("oca.fill.state")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.h2..")
        .check(CLASSES);
  }

  @Test
  void module_always_knowsNeitherApplianceNorSteering() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("oca.server..", "oca.steering..", "oca.store..")
        .check(CLASSES);
  }

  @Test
  void packages_always_areFreeOfCycles() {
    slices().matching("oca.fill.(*)..").should().beFreeOfCycles().check(CLASSES);
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

  /** Classes of the module that {@code room} must not know. */
  private static DescribedPredicate<JavaClass> closedTo(String room) {
    return DescribedPredicate.describe(
        "are closed to " + room,
        type ->
            type.getPackageName().startsWith("oca.fill")
                && !type.getPackageName().equals(room)
                && !OPEN_ROOMS.contains(type.getPackageName())
                && SNAPSHOTS.stream()
                    .noneMatch(
                        open ->
                            type.getName().equals(open) || type.getName().startsWith(open + "$")));
  }
}
