package io.dromos.store.jpa;

import io.dromos.deployment.LaunchDelay;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** The launch backoff of an app. */
@Entity
@Table(name = "launch_delay")
public class LaunchDelayEntity extends AppDocument {
  protected LaunchDelayEntity() {}

  LaunchDelayEntity(LaunchDelay value) {
    super(value.appId(), value);
  }
}
