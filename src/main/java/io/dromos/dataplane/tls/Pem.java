package io.dromos.dataplane.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of a PEM text (RFC 7468). What stands between them is commentary. */
final class Pem {
  /**
   * One block.
   *
   * @param label {@code CERTIFICATE}, {@code PRIVATE KEY}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(String label, byte[] der) {}

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private Pem() {}

  static List<Block> blocks(String text) throws UnusableCertificateException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String body = matcher.group(2);
      if (body.contains(":")) {
        throw new UnusableCertificateException(
            "its "
                + matcher.group(1)
                + " is encrypted; decrypt it with 'openssl pkey -in FILE -out FILE'");
      }
      try {
        blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(body.strip())));
      } catch (IllegalArgumentException e) {
        throw new UnusableCertificateException("its " + matcher.group(1) + " is damaged");
      }
    }
    return blocks;
  }

  /** As OpenSSL writes it. */
  static String text(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
