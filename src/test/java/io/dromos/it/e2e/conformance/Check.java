package io.dromos.it.e2e.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** A test that is one check of the conformance list. */
@Test
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Check {
  /** Its number in the list, 1 to 172. */
  int value();

  /** Number of the decision when the test asserts what we do instead; 0: as the list wants it. */
  int adr() default 0;
}
