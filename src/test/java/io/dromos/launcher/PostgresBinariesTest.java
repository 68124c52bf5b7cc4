package io.dromos.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PostgresBinariesTest {
  @Test
  void linuxOnBothProcessorsHasAnArchive() throws IOException {
    assertEquals("/postgres-linux-x86_64.txz", PostgresBinaries.resourceFor("Linux", "amd64"));
    assertEquals("/postgres-linux-x86_64.txz", PostgresBinaries.resourceFor("Linux", "x86_64"));
    assertEquals("/postgres-linux-arm_64.txz", PostgresBinaries.resourceFor("Linux", "aarch64"));
  }

  @Test
  void otherPlatformsAreToldTheWayOut() {
    for (String[] platform :
        new String[][] {{"Mac OS X", "aarch64"}, {"Windows 11", "amd64"}, {"Linux", "riscv64"}}) {
      IOException refused =
          assertThrows(
              IOException.class, () -> PostgresBinaries.resourceFor(platform[0], platform[1]));
      assertTrue(refused.getMessage().contains(platform[0]), refused.getMessage());
      assertTrue(refused.getMessage().contains("dromos.db.url"), refused.getMessage());
    }
  }

  @Test
  void aUrlGetsTheOptionsThatItLacks() {
    String complete = PostgresUrl.withDefaults("jdbc:postgresql://db:5432/dromos");
    assertTrue(complete.startsWith("jdbc:postgresql://db:5432/dromos?"), complete);
    assertTrue(complete.contains("lock_timeout"), complete);
    assertEquals(complete, PostgresUrl.withDefaults(complete));
  }

  @Test
  void aUsersOwnOptionsStay() {
    String complete =
        PostgresUrl.withDefaults("jdbc:postgresql://db/x?socketTimeout=5&sslmode=require");
    assertTrue(complete.contains("?socketTimeout=5&sslmode=require&"), complete);
    assertEquals(complete.indexOf("socketTimeout="), complete.lastIndexOf("socketTimeout="));
  }
}
