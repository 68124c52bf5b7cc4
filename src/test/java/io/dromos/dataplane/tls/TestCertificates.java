package io.dromos.dataplane.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Certificates for tests, and clients that take them all. */
public final class TestCertificates {
  private TestCertificates() {}

  /** A fresh one for these names, as one PEM text with its key. */
  public static String pem(String... names) {
    return pem(Instant.now(), names);
  }

  /** As {@link #pem(String...)}, made at that time. */
  static String pem(Instant made, String... names) {
    try {
      return SelfSigned.pem(List.of(names), made);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Made so long ago that it has ended. */
  static String ended(String... names) {
    return pem(Instant.now().minus(Duration.ofDays(500)), names);
  }

  public static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    return Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** Trusts everybody: what is presented is what the test looks at. */
  public static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Everybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Extended, or the JDK would check host names after all. */
  private static final class Everybody extends javax.net.ssl.X509ExtendedTrustManager
      implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
