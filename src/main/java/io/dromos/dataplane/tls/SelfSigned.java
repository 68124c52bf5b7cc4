package io.dromos.dataplane.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The certificate an edge presents until it gets a real one: an elliptic-curve key signed by
 * itself, kept in a file so that whoever accepted it once need not do so after each start.
 */
final class SelfSigned {
  private static final Duration LIFE = Duration.ofDays(397);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));

  private SelfSigned() {}

  /**
   * The one in {@code file}, or a new one where there is none that lasts.
   *
   * @param names host names and addresses it is for; the first is its common name
   */
  static Credential in(Path file, List<String> names, Instant now)
      throws UnusableCertificateException {
    if (Files.isRegularFile(file)) {
      try {
        Credential kept = Credential.read(file);
        if (kept != null && kept.notAfter().isAfter(now.plus(RENEW_BEFORE))) {
          return kept;
        }
      } catch (UnusableCertificateException e) {
        // Replaced below.
      }
    }
    try {
      write(file, pem(names, now));
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableCertificateException(
          "no certificate could be made in " + file + ": " + e.getMessage());
    }
    Credential made = Credential.read(file);
    if (made == null) {
      throw new UnusableCertificateException(file + " holds no certificate");
    }
    return made;
  }

  private static void write(Path file, String text) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("it has no directory");
    }
    Files.createDirectories(directory);
    Path fresh =
        Files.createTempFile(
            directory,
            "certificate",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text, StandardCharsets.US_ASCII);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Certificate and key as one PEM text. */
  static String pem(List<String> names, Instant now) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] toSign = toBeSigned(names, pair.getPublic().getEncoded(), now);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(toSign);
    byte[] certificate = Der.sequence(toSign, ECDSA_SHA256, Der.bits(signature.sign()));
    return Pem.text("CERTIFICATE", certificate)
        + Pem.text("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static byte[] toBeSigned(List<String> names, byte[] publicKey, Instant now) {
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName(names)))));
    byte[] validity = Der.sequence(time(now.minus(Duration.ofHours(1))), time(now.plus(LIFE)));
    byte[] extensions =
        Der.element(
            0xa3,
            Der.sequence(
                extension("2.5.29.19", true, Der.sequence()),
                extension("2.5.29.15", true, Der.element(0x03, new byte[] {7, (byte) 0x80})),
                extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
                extension("2.5.29.17", false, Der.sequence(alternatives(names)))));
    return Der.sequence(
        Der.element(0xa0, Der.integer(BigInteger.TWO)),
        Der.integer(new BigInteger(126, new SecureRandom()).setBit(126)),
        ECDSA_SHA256,
        name,
        validity,
        name,
        publicKey,
        extensions);
  }

  /** A common name holds 64 characters at most. */
  private static String commonName(List<String> names) {
    String first = names.get(0);
    return first.length() > 64 ? first.substring(0, 64) : first;
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[][] alternatives(List<String> names) {
    List<byte[]> alternatives = new ArrayList<>();
    for (String name : names) {
      if (ADDRESS.matcher(name).matches()) {
        try {
          alternatives.add(Der.element(0x87, InetAddress.getByName(name).getAddress()));
        } catch (UnknownHostException e) {
          // Not an address after all: nobody can ask for it.
        }
      } else {
        alternatives.add(Der.element(0x82, name.getBytes(StandardCharsets.US_ASCII)));
      }
    }
    return alternatives.toArray(new byte[0][]);
  }

  /** Two-digit years reach to 2049 (RFC 5280, section 4.1.2.5). */
  private static byte[] time(Instant at) {
    boolean late = at.atZone(ZoneOffset.UTC).getYear() >= 2050;
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern((late ? "yyyy" : "yy") + "MMddHHmmss'Z'")
            .withZone(ZoneOffset.UTC);
    return Der.element(late ? 0x18 : 0x17, format.format(at).getBytes(StandardCharsets.US_ASCII));
  }
}
