package io.dromos.routing;

import org.jspecify.annotations.Nullable;

/**
 * How a service port is opened, from {@code SSL_CERT} and the words of {@code BIND_OPTIONS}.
 *
 * @param certificate file of the certificate and key; null: plain
 * @param acceptProxy clients begin with a PROXY protocol header
 */
record BindOptions(@Nullable String certificate, boolean acceptProxy) {
  static BindOptions read(LabelReader reader) {
    String certificate = reader.text(EdgeLabel.SSL_CERT);
    if (certificate != null && !certificate.strip().matches("[\\x21-\\x7e]{1,1000}")) {
      reader.malformed(EdgeLabel.SSL_CERT, "it is the path of one certificate file");
      certificate = null;
    }
    boolean proxy = false;
    String options = reader.text(EdgeLabel.BIND_OPTIONS);
    if (options != null && !options.isBlank()) {
      String[] words = options.strip().split("\\s+");
      for (int i = 0; i < words.length; i++) {
        if (words[i].equals("accept-proxy")) {
          proxy = true;
        } else if (words[i].equals("crt") && i + 1 < words.length) {
          certificate = certificate == null ? words[++i] : certificate;
        } else if (!words[i].equals("ssl")) {
          reader.unsupported(
              EdgeLabel.BIND_OPTIONS,
              "of HAProxy's options accept-proxy, ssl and crt are known, not " + words[i]);
          break;
        }
      }
    }
    return new BindOptions(certificate == null ? null : certificate.strip(), proxy);
  }
}
