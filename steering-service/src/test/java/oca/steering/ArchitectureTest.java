package oca.steering;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import oca.model.Address;
import oca.model.Prefix;
import oca.steering.catalog.Titles;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Freeze;
import oca.steering.fleet.HolderSet;
import oca.steering.fleet.Holders;
import oca.steering.fleet.Holding;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.fleet.Order;
import oca.steering.fleet.Outcome;
import oca.steering.fleet.RebuiltFleet;
import oca.steering.fleet.Roster;
import oca.steering.fleet.Standing;
import oca.steering.fleet.Verdict;
import oca.steering.routes.ForwardingTable;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.RoutingTable;
import org.junit.jupiter.api.Test;

/** Who may import whom in this module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oca.steering");

  /** Immutable values that may cross from one room to another. */
  private static final Set<String> VALUES =
      Arrays.stream(
              new Class<?>[] {
                Duration.class,
                Address.class,
                Prefix.class,
                ForwardingTable.class,
                ForwardingTable.Match.class,
                ForwardingTable.SitePath.class,
                PathAttributes.class,
                RoutingTable.Seen.class,
                RoutingTable.ViewState.class,
                FleetSnapshot.class,
                Member.class,
                Holders.class,
                Freeze.class,
                HolderSet.class,
                Holding.class,
                Liveness.class,
                Order.class,
                Outcome.class,
                RebuiltFleet.class,
                Roster.class,
                Standing.class,
                Verdict.class,
                Titles.class
              })
          .map(Class::getName)
          .collect(Collectors.toSet());

  @Test
  void leafRooms_always_knowNoOtherRoom() {
    for (String room : List.of("routes", "fleet", "catalog", "replica")) {
      noClasses()
          .that()
          .resideInAPackage("oca.steering." + room)
          .should()
          .dependOnClassesThat(
              resideInAPackage("oca.steering..").and(not(resideInAPackage("oca.steering." + room))))
          .check(CLASSES);
    }
  }

  @Test
  void sourcesOfRoutes_always_knowOnlyRoutesAndTheWire() {
    for (String source : List.of("bgp", "bmp")) {
      noClasses()
          .that()
          .resideInAPackage("oca.steering.routes." + source)
          .should()
          .dependOnClassesThat(
              resideInAPackage("oca.steering..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "oca.steering.routes",
                              "oca.steering.routes.bgp.wire",
                              "oca.steering.routes." + source))))
          .check(CLASSES);
    }
  }

  @Test
  void wire_always_isPure() {
    classes()
        .that()
        .resideInAPackage("oca.steering.routes.bgp.wire")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "oca.steering.routes.bgp.wire",
                    "oca.model",
                    "java.lang..",
                    "java.nio",
                    "java.nio.charset",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "org.jspecify..")
                .and(not(DescribedPredicate.describe("impure", type -> isImpure(type))))
                .or(DescribedPredicate.describe("a value", type -> isPathAttributes(type))))
        .check(CLASSES);
  }

  @Test
  void http_always_seesOnlyValuesAndTheRanker() {
    DescribedPredicate<JavaClass> hidden =
        resideInAPackage("oca.steering..")
            .and(not(resideInAnyPackage("oca.steering.http", "oca.steering.rank")))
            .and(not(DescribedPredicate.describe("values", type -> isValue(type))));
    noClasses()
        .that()
        .resideInAPackage("oca.steering.http")
        .should()
        .dependOnClassesThat(hidden)
        .check(CLASSES);
  }

  @Test
  void registry_always_knowsNoOtherRoomButTheValuesOfOrders() {
    noClasses()
        .that()
        .resideInAPackage("oca.steering.registry")
        .should()
        .dependOnClassesThat(
            resideInAPackage("oca.steering..")
                .and(not(resideInAPackage("oca.steering.registry")))
                .and(not(DescribedPredicate.describe("values", type -> isValue(type)))))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("oca.protocol.http")
        .check(CLASSES);
  }

  @Test
  void operators_always_seeOnlyValuesAndWhatTheRegistryTells() {
    DescribedPredicate<JavaClass> told =
        DescribedPredicate.describe("told", type -> isToldByTheRegistry(type));
    noClasses()
        .that()
        .resideInAPackage("oca.steering.operators")
        .should()
        .dependOnClassesThat(
            resideInAPackage("oca.steering..")
                .and(not(resideInAPackage("oca.steering.operators")))
                .and(not(told))
                .and(not(DescribedPredicate.describe("values", type -> isValue(type)))))
        .check(CLASSES);
  }

  @Test
  void records_always_seeOnlyValuesAndTheRanker() {
    DescribedPredicate<JavaClass> hidden =
        resideInAPackage("oca.steering..")
            .and(not(resideInAnyPackage("oca.steering.records", "oca.steering.rank")))
            .and(not(DescribedPredicate.describe("values", type -> isValue(type))));
    noClasses()
        .that()
        .resideInAPackage("oca.steering.records")
        .should()
        .dependOnClassesThat(hidden)
        .check(CLASSES);
  }

  @Test
  void steering_always_seesNoNetty() {
    noClasses()
        .that()
        .resideInAPackage("oca.steering..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }

  @Test
  void playAndReports_always_seeOnlyValuesAndTheRanker() {
    for (String room : List.of("play", "qoe")) {
      noClasses()
          .that()
          .resideInAPackage("oca.steering." + room)
          .should()
          .dependOnClassesThat(
              resideInAPackage("oca.steering..")
                  .and(not(resideInAnyPackage("oca.steering." + room, "oca.steering.rank")))
                  .and(not(DescribedPredicate.describe("values", type -> isValue(type)))))
          .check(CLASSES);
    }
  }

  @Test
  void rank_always_isPure() {
    classes()
        .that()
        .resideInAPackage("oca.steering.rank")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "oca.steering.rank",
                    "oca.model..",
                    "oca.protocol",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "org.jspecify..")
                .and(not(DescribedPredicate.describe("impure", type -> isImpure(type))))
                .or(DescribedPredicate.describe("values", type -> isValue(type))))
        .check(CLASSES);
  }

  @Test
  void rank_always_callsNoClock() {
    noClasses()
        .that()
        .resideInAPackage("oca.steering.rank")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void packages_always_areFreeOfCycles() {
    slices().matching("oca.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packages_always_sayWhatTheyAreFor() {
    Set<String> silent =
        CLASSES.stream()
            .map(JavaClass::getPackage)
            .filter(room -> room.tryGetPackageInfo().isEmpty())
            .map(JavaPackage::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), silent, "packages without package-info.java");
  }

  private static boolean isValue(JavaClass type) {
    return VALUES.contains(type.getBaseComponentType().getName());
  }

  private static boolean isToldByTheRegistry(JavaClass type) {
    return type.getPackageName().equals("oca.steering.registry")
        && !Set.of("Registry", "RegistryDatabase", "RegistryWriter", "ConnectionSource")
            .contains(type.getSimpleName());
  }

  private static boolean isPathAttributes(JavaClass type) {
    return type.getName().equals("oca.steering.routes.PathAttributes");
  }

  private static boolean isImpure(JavaClass type) {
    return Set.of("java.lang.Thread", "java.util.Random", "java.util.Timer", "java.util.UUID")
        .contains(type.getName());
  }
}
