namespace Pipeline.Helm.Tests;

/// <summary>Values as people give them.</summary>
internal static class SampleValues
{
    /// <summary>What must be given and nothing else.</summary>
    public const string Least = """
        database: { host: db.example.com, existingSecret: pipeline-database }
        auth: { existingSecret: pipeline-auth }
        model: { pvc: { claimName: models } }
        """;

    public const string Gpu = """
        database: { host: db.example.com, existingSecret: pipeline-database }
        auth: { existingSecret: pipeline-auth }
        model: { source: image, image: { reference: "example.com/models@sha256:0123" } }
        worker:
          image: { tag: 0.1.0-cuda }
          replicas: 3
          gpu: { count: 2 }
          runtimeClassName: nvidia
          nodeSelector: { accelerator: h100 }
          tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
          engine: { MaxNumSeqs: 64, KvCacheMemory: 30000000000, EnablePrefixCaching: false }
          settings: { DecodeThreads: 12 }
        """;

    public const string S3Model = """
        database: { host: db.example.com, existingSecret: pipeline-database, sslMode: disable, parameters: Maximum Pool Size=20 }
        auth: { existingSecret: pipeline-auth }
        s3: { endpoint: "http://ceph.storage:8080", region: eu-1, existingSecret: pipeline-s3 }
        model: { source: s3, s3: { uri: "s3://models/dragonfly-v2", name: dragonfly-v2 } }
        schemaJob: { username: owner, existingSecret: pipeline-owner, passwordKey: pw }
        """;

    public const string Everything = """
        nameOverride: ""
        imagePullSecrets: [{ name: pull }]
        commonLabels: { team: vision }
        database: { host: db.example.com, existingSecret: pipeline-database, sslMode: verify-full }
        auth: { existingSecret: pipeline-auth, oidc: { authority: "https://login.example.com", audience: pipeline, tenantClaim: org, scopeNames: { admin: labels-admin } } }
        s3: { endpoint: "https://s3.example.com", existingSecret: pipeline-s3 }
        model: { pvc: { claimName: models, subPath: v2 } }
        serviceAccount: { annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/pipeline" } }
        api:
          image: { digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
          autoscaling: { enabled: true }
          ingress: { enabled: true, className: nginx, host: labels.example.com, tlsSecret: labels-tls, annotations: { a: b } }
          env: [{ name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel:4317" }]
          volumes: [{ name: images, persistentVolumeClaim: { claimName: images } }]
          volumeMounts: [{ name: images, mountPath: /images, readOnly: true }]
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }]
        worker:
          concurrentShards: 4
          autoscaling: { enabled: true, maxReplicas: 20 }
          volumes: [{ name: images, persistentVolumeClaim: { claimName: images } }]
          volumeMounts: [{ name: images, mountPath: /images, readOnly: true }]
          priorityClassName: batch
        networkPolicy:
          apiFrom: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }]
          egressPorts: [8443]
          extraEgress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]
        monitoring:
          serviceMonitor: { enabled: true, labels: { release: prometheus } }
          prometheusRule: { enabled: true }
          dashboards: { enabled: true }
          rules: { enabled: true }
        """;

    public static TheoryData<string> All => new(Least, Gpu, S3Model, Everything);
}
