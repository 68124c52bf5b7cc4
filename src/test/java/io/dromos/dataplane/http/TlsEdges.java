package io.dromos.dataplane.http;

import io.dromos.dataplane.tls.TestCertificates;
import io.dromos.dataplane.tls.TlsConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Edges with TLS on loopback, and clients for them. */
final class TlsEdges {
  private TlsEdges() {}

  /** An edge with TLS on {@code httpsPort} and certificates of a directory. */
  static EdgePlane edge(int httpPort, int httpsPort, Path certificates, ProxyLimits limits) {
    return new EdgePlane(
        new EdgeConfig(
            "127.0.0.1",
            OptionalInt.of(httpPort),
            OptionalInt.of(httpsPort),
            new TlsConfig(
                List.of(certificates),
                certificates.resolveSibling("self-signed.pem"),
                List.of("edge.test", "127.0.0.1")),
            "127.128.0.0/9",
            2,
            1000,
            limits));
  }

  static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(TestCertificates.trusting())
        .connectTimeout(Duration.ofSeconds(5))
        .build();
  }

  /** A handshake done, for a name. */
  static SSLSocket socket(int port, String name, String... protocols) throws IOException {
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress("127.0.0.1", port), 2000);
    plain.setSoTimeout(20_000);
    return socket(plain, name, protocols);
  }

  /** TLS over a connection that exists. */
  static SSLSocket socket(Socket plain, String name, String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TestCertificates.trusting()
                .getSocketFactory()
                .createSocket(plain, "127.0.0.1", plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return socket;
  }
}
