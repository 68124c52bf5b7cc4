package io.dromos.dataplane.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * Where certificates come from.
 *
 * @param sources PEM files and directories of them; the first certificate answers for names that
 *     none is for
 * @param selfSigned file the certificate of last resort is kept in
 * @param ownNames host names and addresses that one is for; at least one
 */
public record TlsConfig(List<Path> sources, Path selfSigned, List<String> ownNames) {
  public TlsConfig {
    sources = List.copyOf(sources);
    ownNames = List.copyOf(ownNames);
  }
}
