package io.dromos.dataplane.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in the three spellings that OpenSSL writes: PKCS #8, the older form of RSA (RFC
 * 8017, A.1.2) and that of elliptic curves (RFC 5915). The older two are wrapped into PKCS #8,
 * which is all that Java reads.
 */
final class PemKeys {
  private static final byte[] RSA = Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.nothing());

  private PemKeys() {}

  /** The key of a block. {@code label} is what stands after BEGIN. */
  static PrivateKey read(String label, byte[] der) throws UnusableCertificateException {
    byte[] wrapped =
        switch (label) {
          case "PRIVATE KEY" -> der;
          case "RSA PRIVATE KEY" -> pkcs8(RSA, der);
          case "EC PRIVATE KEY" -> pkcs8(curve(der), der);
          case "ENCRYPTED PRIVATE KEY" ->
              throw new UnusableCertificateException(
                  "its private key is encrypted; decrypt it with 'openssl pkey -in FILE -out FILE'");
          default ->
              throw new UnusableCertificateException(
                  "it holds a "
                      + label
                      + ", which is not served; convert it with 'openssl pkcs8 -topk8 -nocrypt'");
        };
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(wrapped);
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        // The next kind of key.
      }
    }
    throw new UnusableCertificateException(
        "its private key is neither RSA, EC nor Ed25519, or is damaged");
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key));
  }

  /** The curve stands inside the key, after version and number. */
  private static byte[] curve(byte[] der) throws UnusableCertificateException {
    byte[] key = Der.content(der, 0, 0x30);
    byte[] name = key == null ? null : named(key);
    if (name == null) {
      throw new UnusableCertificateException(
          "its EC private key names no curve; convert it with 'openssl pkcs8 -topk8 -nocrypt'");
    }
    return Der.sequence(Der.oid("1.2.840.10045.2.1"), name);
  }

  private static byte @Nullable [] named(byte[] key) {
    for (int at = 0; at < key.length; ) {
      byte[] parameters = Der.content(key, at, 0xa0);
      if (parameters != null) {
        return parameters;
      }
      int size = Der.size(key, at);
      if (size == 0) {
        return null;
      }
      at += size;
    }
    return null;
  }
}
