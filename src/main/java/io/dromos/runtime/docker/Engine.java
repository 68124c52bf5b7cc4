package io.dromos.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings.InvalidSettingException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Connections to one Docker Engine: one for questions that are answered at once, and one for what
 * lasts, such as pulling, stopping and following.
 */
final class Engine implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Engine.class.getName());
  private static final int MANY = 10_000;

  private final String host;
  private final DockerClient quick;
  private final DockerHttpClient line;
  private final DockerClient lasting;

  /**
   * @throws InvalidSettingException when {@code host} is no address of an Engine
   */
  Engine(String host) {
    this.host = host;
    try {
      DockerClientConfig config =
          DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build();
      this.quick = DockerClientImpl.getInstance(config, transport(config, Duration.ofSeconds(20)));
      this.line = transport(config, Duration.ZERO);
      this.lasting = DockerClientImpl.getInstance(config, line);
    } catch (RuntimeException e) {
      throw new InvalidSettingException(
          Setting.DOCKER_HOST.key()
              + "="
              + host
              + ": give unix:///path or tcp://host:port ("
              + e.getMessage()
              + ")");
    }
  }

  private static DockerHttpClient transport(DockerClientConfig config, Duration patience) {
    ZerodepDockerHttpClient.Builder transport =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .connectionTimeout(Duration.ofSeconds(5))
            .maxConnections(MANY);
    if (!patience.isZero()) {
      transport.responseTimeout(patience);
    }
    return transport.build();
  }

  /** For questions that are answered at once. */
  DockerClient quick() {
    return quick;
  }

  /** For what takes as long as it takes. */
  DockerClient lasting() {
    return lasting;
  }

  /** The output of a container with the time of every entry, from a second on and without end. */
  DockerHttpClient.Response logs(String container, int since) {
    return line.execute(
        DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.GET)
            .path(
                "/containers/"
                    + container
                    + "/logs?follow=1&stdout=1&stderr=1&timestamps=1&tail=all&since="
                    + since)
            .build());
  }

  /** Why the Engine could not be asked, with the fix. */
  String absence(Throwable failure) {
    String words = EngineWords.of(failure);
    if (words.contains("Permission denied")) {
      return "The Docker Engine at "
          + host
          + " may not be used by "
          + System.getProperty("user.name")
          + "; add that user to the group docker, or set dromos.runtime.docker.host";
    }
    return "No Docker Engine answers at "
        + host
        + " ("
        + words
        + "); start one, or set dromos.runtime.docker.host";
  }

  @Override
  public void close() {
    for (DockerClient client : new DockerClient[] {quick, lasting}) {
      try {
        client.close();
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.DEBUG, "closing the connection to " + host, e);
      }
    }
  }
}
