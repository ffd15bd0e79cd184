package oca;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom in the appliance. */
class ArchitectureTest {
  private static final List<String> ROOMS =
      List.of(
          "http",
          "range",
          "cmcd",
          "caching",
          "live",
          "purge",
          "upstream",
          "pull",
          "fill",
          "vitals",
          "records",
          "admin",
          "authorize");
  private static final List<String> PURE = List.of("range", "cmcd", "caching", "live", "purge");
  private static final String[] CLOCKS_AND_SOCKETS = {
    "io.netty..", "java.net..", "java.nio.channels..", "java.nio.file..", "java.util.concurrent.."
  };
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca.server");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http",
        "range",
        "cmcd",
        "caching",
        "live",
        "purge",
        "upstream",
        "pull",
        "fill",
        "vitals",
        "records",
        "admin",
        "authorize"
      })
  void siblings_always_areStrangers(String room) {
    List<String> others = new ArrayList<>(ROOMS);
    others.remove(room);
    if (room.equals("http")) {
      others.removeAll(PURE);
      others.removeAll(List.of("authorize", "pull"));
    }
    if (room.equals("caching")) {
      others.remove("range");
    }
    if (room.equals("pull")) {
      others.removeAll(PURE);
      others.remove("upstream");
    }
    if (room.equals("upstream")) {
      others.removeAll(List.of("caching", "range"));
    }
    noClasses()
        .that()
        .resideInAPackage("oca.server." + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others.stream().map(it -> "oca.server." + it).toArray(String[]::new))
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http",
        "range",
        "cmcd",
        "caching",
        "live",
        "purge",
        "upstream",
        "pull",
        "fill",
        "vitals",
        "records",
        "admin",
        "authorize"
      })
  void root_always_isKnownToNobodyBelow(String room) {
    noClasses()
        .that()
        .resideInAPackage("oca.server." + room)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("oca.server")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"range", "cmcd", "caching", "live", "purge"})
  void leaves_always_arePure(String room) {
    noClasses()
        .that()
        .resideInAPackage("oca.server." + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CLOCKS_AND_SOCKETS)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.time.InstantSource.class)
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void authorize_always_isToldTheTime() {
    noClasses()
        .that()
        .resideInAPackage("oca.server.authorize")
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
  }

  @Test
  void authorize_always_leavesFilesToTheKeyFile() {
    noClasses()
        .that()
        .resideInAPackage("oca.server.authorize")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.nio.channels..")
        .check(CLASSES);
  }

  @Test
  void json_inAuthorize_isReadInOnePlace() {
    noClasses()
        .that()
        .resideInAPackage("oca.server.authorize")
        .and()
        .doNotHaveSimpleName("JwtJson")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml..")
        .check(CLASSES);
  }

  @Test
  void dataPlane_always_seesNoJson() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "oca.server.http",
            "oca.server.range",
            "oca.server.cmcd",
            "oca.server.caching",
            "oca.server.live",
            "oca.server.purge",
            "oca.server.upstream",
            "oca.server.pull")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml..", "oca.protocol.http..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("oca.protocol.Wire")
        .check(CLASSES);
  }

  @Test
  void controlSide_always_seesNoNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "oca.server.http", "oca.server.range", "oca.server.upstream", "oca.server.pull")
        .and()
        .doNotHaveFullyQualifiedName("oca.server.DirectMemory")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }

  @Test
  void metrics_always_stayInAdmin() {
    noClasses()
        .that()
        .resideOutsideOfPackage("oca.server.admin")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(CLASSES);
  }

  @Test
  void breakers_always_stayWithUpstreams() {
    noClasses()
        .that()
        .resideOutsideOfPackage("oca.server.upstream")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.resilience4j..")
        .check(CLASSES);
  }

  @Test
  void classes_always_belongToAKnownRoom() {
    classes()
        .should()
        .resideInAnyPackage(
            "oca.server",
            "oca.server.http",
            "oca.server.range",
            "oca.server.cmcd",
            "oca.server.caching",
            "oca.server.live",
            "oca.server.purge",
            "oca.server.upstream",
            "oca.server.pull",
            "oca.server.fill",
            "oca.server.fill.s3",
            "oca.server.vitals",
            "oca.server.records",
            "oca.server.admin",
            "oca.server.authorize")
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
