package io.dromos.cli;

import picocli.CommandLine.IVersionProvider;

/** {@code --version}: what the jar's manifest says. */
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = VersionText.class.getPackage().getImplementationVersion();
    return new String[] {"dromos " + (version == null ? "(not packaged)" : version)};
  }
}
