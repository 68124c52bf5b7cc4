package io.dromos.store.jpa;

import io.dromos.app.AppSpec;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.Timestamp;

/** An app of the tree: points at its current definition. */
@Entity
@Table(name = "app")
public class AppEntity {
  @Id
  @Column(name = "id")
  private String id;

  @Column(name = "version")
  private Timestamp version;

  protected AppEntity() {}

  AppEntity(AppSpec spec) {
    this.id = spec.id().path();
    this.version = Timestamp.from(spec.version());
  }
}
