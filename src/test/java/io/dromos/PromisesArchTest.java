package io.dromos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.bootstrap.ServerBootstrap;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** The promises of the architecture. Each rule says why it exists and what to do instead. */
@AnalyzeClasses(packages = "io.dromos", importOptions = ImportOption.DoNotIncludeTests.class)
class PromisesArchTest {
  private static final String[] PURE = {
    "io.dromos.app..",
    "io.dromos.task..",
    "io.dromos.deployment..",
    "io.dromos.placement..",
    "io.dromos.routing.."
  };

  @ArchTest
  static final ArchRule TRAFFIC_SURVIVES_THE_BRAIN =
      noClasses()
          .that()
          .resideInAnyPackage("io.dromos.dataplane..", "io.dromos.traffic..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dromos",
              "jakarta.persistence..",
              "io.dromos.api..",
              "io.dromos.dcos..",
              "io.dromos.control..",
              "io.dromos.agent..",
              "io.dromos.store..",
              "io.dromos.cluster..",
              "io.dromos.runtime..",
              "io.dromos.health..",
              "io.dromos.deployment..",
              "io.dromos.placement..")
          .because(
              "with the database or Docker gone the last snapshot must keep serving; put what a"
                  + " plane needs into the RoutingSnapshot");

  @ArchTest
  static final ArchRule THE_MIDDLE_MEETS_NO_FRAMEWORK =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jakarta..",
              "io.netty..",
              "com.github.dockerjava..",
              "com.fasterxml..",
              "org.slf4j..")
          .because("decisions are functions of values; let a rim package call them");

  @ArchTest
  static final ArchRule TIME_IS_AN_ARGUMENT =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(Math.class, "random")
          .because(
              "a decision that reads the clock cannot be replayed; take the instant as argument");

  @ArchTest
  static final ArchRule PERSISTENCE_STAYS_IN_ITS_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dromos.store.jpa..", "io.dromos")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.persistence..")
          .because(
              "entities never leave store.jpa; ask a store contract. The root only hands over the"
                  + " injected EntityManager");

  @ArchTest
  static final ArchRule REST_STAYS_AT_THE_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dromos.api..", "io.dromos.dcos..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.ws.rs..")
          .because("HTTP wording belongs to the doors; return a value and let api render it");

  @ArchTest
  static final ArchRule NETTY_CARRIES_TRAFFIC_ONLY =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dromos.dataplane..", "io.dromos")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .because("one technology, one package");

  @ArchTest
  static final ArchRule SOCKETS_CAN_BE_HANDED_OVER =
      noClasses()
          .that()
          .resideInAPackage("io.dromos.dataplane.(**)")
          .should()
          .callMethod(ServerBootstrap.class, "bind", SocketAddress.class)
          .orShould()
          .callMethod(ServerBootstrap.class, "bind", String.class, int.class)
          .because("a successor takes over what Transport.listen opened, and nothing else");

  @ArchTest
  static final ArchRule THE_KERNEL_PLANE_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.dromos.dataplane.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..",
              "io.dromos.dataplane",
              "io.dromos.dataplane.dns..",
              "io.dromos.dataplane.http..",
              "io.dromos.dataplane.l4..",
              "io.dromos.traffic..")
          .because(
              "what is in the kernel needs no event loop and outlives this process; other planes"
                  + " meet it by ServedVips");

  @ArchTest
  static final ArchRule THE_KERNEL_IS_CHANGED_IN_ONE_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dromos.dataplane.kernel..", "io.dromos.traffic..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dromos.dataplane.kernel..")
          .because("one composition decides which plane carries the VIPs; ask ServedVips");

  @ArchTest
  static final ArchRule DOCKER_STAYS_IN_ITS_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dromos.runtime.docker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.github.dockerjava..")
          .because("a second runtime must fit without touching the middle; extend TaskRuntime");

  @ArchTest
  static final ArchRule ARCHIVES_STAY_IN_THEIR_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dromos.runtime.artifact..", "io.dromos.launcher..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.commons.compress..")
          .because("what an archive may write is judged in one place; call Artifacts");

  @ArchTest
  static final ArchRule A_REQUEST_RECORDS_INTENT_THE_LOOPS_ACT =
      noClasses()
          .that()
          .resideInAPackage("io.dromos.api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dromos.runtime..")
          .because("an acknowledged request must survive a crash; store it through control");

  @ArchTest
  static final ArchRule THE_COMMAND_LINE_IS_A_CLIENT =
      noClasses()
          .that()
          .resideInAPackage("io.dromos.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dromos.api..",
              "io.dromos.control..",
              "io.dromos.store..",
              "io.dromos.runtime..",
              "io.dromos.dataplane..")
          .because("what the command line can do, any client can; use the public API");

  @ArchTest
  static final ArchRule PLATFORM_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage("io.dromos.platform..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dromos.app..",
              "io.dromos.task..",
              "io.dromos.store..",
              "io.dromos.control..",
              "io.dromos.routing..",
              "io.dromos.dataplane..",
              "io.dromos.api..")
          .because("everybody stands on it");

  @ArchTest
  static final ArchRule ARROWS_POINT_DOWN =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.dromos.store..",
              "io.dromos.cluster..",
              "io.dromos.runtime..",
              "io.dromos.health..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dromos.control..", "io.dromos.agent..", "io.dromos.api..", "io.dromos.dcos..")
          .because("adapters serve the drivers; invert the call with a contract below");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.dromos.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_IT_DOES =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .because("such a name says nothing: name what it does");
}
