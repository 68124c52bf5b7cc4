package io.dromos.launcher;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.ClusterCommandResult;
import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import fish.payara.micro.boot.AdminCommandRunner;
import io.dromos.platform.StopHook;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Payara Micro inside this process: one HTTP listener, no cluster, one application at the root. */
final class PayaraServer {
  private static final String HTTP =
      "configs.config.server-config.network-config.protocols.protocol.http-listener.http.";
  private static final String TCP =
      "configs.config.server-config.network-config.transports.transport.tcp.";
  private static final String POOL =
      "configs.config.server-config.thread-pools.thread-pool.http-thread-pool.";

  private final PayaraMicroRuntime runtime;

  private PayaraServer(PayaraMicroRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Boots without an application.
   *
   * @param home unpacked libraries are kept here; the server's own root is made anew each time,
   *     since a kept one would load the application of an unclean stop
   */
  static PayaraServer boot(Path home, InetAddress address, int port)
      throws IOException, BootstrapException {
    Path root = home.resolve("root");
    deleteTree(root);
    Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(root);
    PayaraMicro.setUpackedJarDir(home.resolve("lib").toFile());
    PayaraMicro micro = PayaraMicro.getInstance();
    micro.setNoHazelcast(true);
    micro.setHttpPort(port);
    micro.setRootDir(root.toFile());
    micro.setLogPropertiesFile(logging(home).toFile());
    micro.setPreBootHandler(runner -> configure(runner, address));
    return new PayaraServer(micro.bootStrap());
  }

  /** False when the application could not be deployed; the log above says why. */
  boolean deploy(Path war) {
    return runtime.deploy("dromos", "/", war.toFile());
  }

  /** The application comes to rest first, while it still has its database. */
  void stop() throws BootstrapException {
    StopHook.run();
    runtime.undeploy("dromos");
    runtime.shutdown();
  }

  private static void configure(AdminCommandRunner runner, InetAddress address) {
    for (String setting :
        List.of(
            "configs.config.server-config.network-config.network-listeners.network-listener"
                + ".http-listener.address="
                + address.getHostAddress(),
            // Requests on one keep-alive connection: the default of 250 would cut proxied clients.
            HTTP + "max-connections=-1",
            HTTP + "timeout-seconds=75",
            HTTP + "xframe-options=false",
            HTTP + "server-header=false",
            HTTP + "websockets-timeout-seconds=3600",
            HTTP + "connection-upload-timeout-millis=-1",
            HTTP + "header-buffer-length-bytes=16384",
            TCP + "max-connections-count=16384",
            POOL + "max-thread-pool-size=64",
            "configs.config.server-config.microprofile-metrics-configuration.endpoint=mp/metrics")) {
      ClusterCommandResult result = runner.run("set", setting);
      if (result.getExitStatus() != ClusterCommandResult.ExitStatus.SUCCESS) {
        throw new IllegalStateException("Payara refused " + setting + ": " + result.getOutput());
      }
    }
  }

  private static Path logging(Path home) throws IOException {
    Path file = home.resolve("logging.properties");
    Files.writeString(
        file,
        """
        handlers=java.util.logging.ConsoleHandler
        java.util.logging.ConsoleHandler.formatter=io.dromos.platform.LineFormatter
        java.util.logging.ConsoleHandler.level=ALL
        .level=WARNING
        io.dromos.level=INFO
        javax.enterprise.system.security.ssl.level=SEVERE
        fish.payara.micro.level=WARNING
        javax.enterprise.web.level=WARNING
        jakarta.enterprise.web.util.level=OFF
        org.flywaydb.level=WARNING
        """);
    return file;
  }

  /** The application inside the jar, as a file that Payara can deploy. */
  static Path unpackApplication(Path home) throws IOException {
    Path war = home.resolve("dromos.war");
    Files.createDirectories(home);
    try (InputStream in = PayaraServer.class.getResourceAsStream("/dromos.war")) {
      if (in == null) {
        throw new IOException("this jar has no dromos.war in it: build it with mvn package");
      }
      Files.copy(in, war, StandardCopyOption.REPLACE_EXISTING);
    }
    return war;
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
