package io.dromos.store.jpa;

import io.dromos.deployment.QueueEntry;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** An app with instances still to be launched. */
@Entity
@Table(name = "queue_entry")
public class QueueEntryEntity extends AppDocument {
  protected QueueEntryEntity() {}

  QueueEntryEntity(QueueEntry value) {
    super(value.appId(), value);
  }
}
