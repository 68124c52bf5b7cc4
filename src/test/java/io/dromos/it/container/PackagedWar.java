package io.dromos.it.container;

import java.io.File;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR under test: the packaged one, whole, with the test classes beside the application's. */
final class PackagedWar {
  private PackagedWar() {}

  static WebArchive withTests() {
    return ShrinkWrap.create(ZipImporter.class, "ROOT.war")
        .importFrom(new File(System.getProperty("dromos.war", "target/dromos.war")))
        .as(WebArchive.class)
        .addPackage(PackagedWar.class.getPackage());
  }
}
