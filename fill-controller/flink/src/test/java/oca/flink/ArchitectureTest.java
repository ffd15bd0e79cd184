package oca.flink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the jobs may know. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca.flink");

  @Test
  void jobs_always_knowTheControllersPureRoomsAndItsReadersAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "oca.flink",
            "oca.fill",
            "oca.fill.causes",
            "oca.fill.day",
            "oca.fill.demand",
            "oca.fill.intake",
            "oca.config",
            "oca.model",
            "oca.protocol",
            "oca.protocol.http",
            "oca.protocol.kafka",
            "com.fasterxml.jackson.annotation",
            "org.apache.flink..",
            "org.apache.kafka..",
            "org.jspecify..",
            "org.slf4j",
            "java..")
        .check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("oca.fill.demand.DemandLedger")
        .check(CLASSES);
  }

  @Test
  void clock_always_isTheLogsOrFlinks() {
    noClasses()
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }
}
