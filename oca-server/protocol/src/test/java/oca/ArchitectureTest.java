package oca;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
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
  void model_always_knowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("oca.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("oca.model..", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void config_always_knowsOnlyModelAndYaml() {
    classes()
        .that()
        .resideInAPackage("oca.config..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "oca.config..", "oca.model..", "java..", "org.jspecify..", "org.yaml.snakeyaml..")
        .check(CLASSES);
  }

  @Test
  void messages_always_knowOnlyModelAndJson() {
    classes()
        .that()
        .resideInAPackage("oca.protocol")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "oca.protocol", "oca.model..", "java..", "org.jspecify..", "com.fasterxml.jackson..")
        .check(CLASSES);
  }

  @Test
  void token_always_isToldTheTimeAndReadsFilesInOnePlace() {
    noClasses()
        .that()
        .resideInAPackage("oca.protocol.token")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(java.time.InstantSource.class)
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("oca.protocol.token")
        .and()
        .doNotHaveSimpleName("KeyFile")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .check(CLASSES);
  }

  @Test
  void pem_always_knowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("oca.protocol.pem")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("oca.protocol.pem", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void netty_always_staysInTheListener() {
    noClasses()
        .that()
        .resideOutsideOfPackage("oca.protocol.http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
    noMethods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should()
        .haveRawReturnType(resideInAPackage("io.netty.."))
        .orShould()
        .haveRawParameterTypes(anyElementThat(resideInAPackage("io.netty..")))
        .check(CLASSES);
  }

  @Test
  void kafka_always_staysInItsPackageAndKnowsNoRecords() {
    noClasses()
        .that()
        .resideOutsideOfPackage("oca.protocol.kafka")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("oca.protocol.kafka")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "oca.protocol", "oca.protocol.records", "oca.protocol.http", "io.netty..")
        .check(CLASSES);
  }

  @Test
  void records_always_knowOnlyMessagesAndTheControlClient() {
    noClasses()
        .that()
        .resideInAPackage("oca.protocol.records")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("oca.protocol.token..", "oca.protocol.pem..", "oca.protocol.service..")
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
