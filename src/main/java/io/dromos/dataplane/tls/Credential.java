package io.dromos.dataplane.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its chain and its private key.
 *
 * @param origin where it came from, for messages
 * @param chain the server's own first
 * @param names host names it is good for, lower case; {@code *.example.com} among them
 */
public record Credential(
    String origin, PrivateKey key, List<X509Certificate> chain, Set<String> names) {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+]+)");

  public Credential {
    chain = List.copyOf(chain);
  }

  /** When the first certificate of the chain ends. */
  public Instant notAfter() {
    return chain.get(0).getNotAfter().toInstant();
  }

  /**
   * Reads certificate, chain and key. The key stands in the same file, as HAProxy wants it, or
   * beside it: {@code name.pem.key}, {@code name.key} or, for {@code fullchain.pem}, {@code
   * privkey.pem}.
   *
   * @return null for a file without any certificate
   */
  static @Nullable Credential read(Path file) throws UnusableCertificateException {
    List<Pem.Block> blocks = blocks(file);
    List<X509Certificate> chain = new ArrayList<>();
    PrivateKey key = null;
    for (Pem.Block block : blocks) {
      if (block.label().endsWith("CERTIFICATE")) {
        chain.add(certificate(block.der()));
      } else if (key == null && block.label().endsWith("PRIVATE KEY")) {
        key = PemKeys.read(block.label(), block.der());
      }
    }
    if (chain.isEmpty()) {
      return null;
    }
    if (key == null) {
      key = keyBeside(file);
    }
    if (!belongs(key, chain.get(0).getPublicKey())) {
      throw new UnusableCertificateException(
          "its first certificate does not belong to its key; put the server's own certificate"
              + " before those of the issuers");
    }
    return new Credential(file.toString(), key, chain, names(chain.get(0)));
  }

  private static List<Pem.Block> blocks(Path file) throws UnusableCertificateException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new UnusableCertificateException("it is larger than a certificate can be");
      }
      return Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UnusableCertificateException("it cannot be read: " + reason(e));
    }
  }

  static String reason(IOException e) {
    String name = e.getClass().getSimpleName();
    return switch (name) {
      case "NoSuchFileException" -> "there is no such file";
      case "AccessDeniedException" -> "this user may not read it";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static X509Certificate certificate(byte[] der) throws UnusableCertificateException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new UnusableCertificateException("a certificate in it is damaged");
    }
  }

  /** Files that may hold the key of a certificate file, likeliest first. */
  static List<Path> keyFiles(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    List<Path> candidates = new ArrayList<>();
    candidates.add(file.resolveSibling(name + ".key"));
    candidates.add(file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".key"));
    candidates.add(file.resolveSibling(name.replace("fullchain", "privkey")));
    candidates.remove(file);
    return candidates;
  }

  private static PrivateKey keyBeside(Path file) throws UnusableCertificateException {
    for (Path candidate : keyFiles(file)) {
      if (Files.isRegularFile(candidate)) {
        for (Pem.Block block : blocks(candidate)) {
          if (block.label().endsWith("PRIVATE KEY")) {
            return PemKeys.read(block.label(), block.der());
          }
        }
      }
    }
    throw new UnusableCertificateException(
        "it holds no private key, and neither does "
            + keyFiles(file).get(1).getFileName()
            + " beside it");
  }

  /** Signs with one and verifies with the other, whatever kind of key it is. */
  private static boolean belongs(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] text = "whose key is this".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certified);
      verifying.update(text);
      return verifying.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // Another kind of key.
    }
  }

  /** DNS names of the certificate; without any, its common name. */
  static Set<String> names(X509Certificate certificate) {
    Set<String> names = new LinkedHashSet<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (Integer.valueOf(2).equals(alternative.get(0))) {
            names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (java.security.cert.CertificateParsingException e) {
      // Then its common name has to do.
    }
    if (names.isEmpty()) {
      Matcher common = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
      if (common.find()) {
        names.add(common.group(1).strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
