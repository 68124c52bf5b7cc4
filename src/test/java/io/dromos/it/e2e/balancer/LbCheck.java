package io.dromos.it.e2e.balancer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** A test that is one or several checks of marathon-lb's list. */
@Test
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface LbCheck {
  /** Numbers in the list, 1 to 95. */
  int[] value();

  /** Number of the decision when the test asserts what we do instead; 0: as the list wants it. */
  int adr() default 0;
}
