package io.dromos.store.jpa;

import io.dromos.deployment.Deployment;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A deployment, running or ended. */
@Entity
@Table(name = "deployment")
public class DeploymentEntity {
  @Id
  @Column(name = "id")
  private String id;

  @Column(name = "status")
  private String status;

  @Convert(converter = InstantConverter.class)
  @Column(name = "started_at")
  private Instant startedAt;

  @Convert(converter = InstantConverter.class)
  @Column(name = "ended_at")
  private @Nullable Instant endedAt;

  @Convert(converter = JsonbConverter.class)
  @Column(name = "document")
  private String document;

  @Column(name = "revision")
  private long revision;

  protected DeploymentEntity() {}

  DeploymentEntity(Deployment deployment, long revision) {
    this.id = deployment.id();
    this.status = deployment.status().name();
    this.startedAt = deployment.startedAt();
    this.endedAt = deployment.endedAt();
    this.document = DocumentCodec.encode(deployment);
    this.revision = revision;
  }
}
