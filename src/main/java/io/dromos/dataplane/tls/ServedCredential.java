package io.dromos.dataplane.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/**
 * A credential ready for handshakes: TLS 1.2 and 1.3 with forward secrecy and authenticated
 * encryption alone.
 *
 * @param web offers HTTP/2 and HTTP/1.1 by ALPN
 * @param raw negotiates nothing: what is inside is the app's business
 */
public record ServedCredential(Credential credential, SslContext web, SslContext raw) {
  private static final ApplicationProtocolConfig WEB =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  static ServedCredential of(Credential credential) throws UnusableCertificateException {
    try {
      return new ServedCredential(
          credential,
          builder(credential).applicationProtocolConfig(WEB).build(),
          builder(credential).build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new UnusableCertificateException("Java does not take it: " + e.getMessage());
    }
  }

  private static SslContextBuilder builder(Credential credential) {
    return SslContextBuilder.forServer(
            credential.key(), credential.chain().toArray(new X509Certificate[0]))
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
  }
}
