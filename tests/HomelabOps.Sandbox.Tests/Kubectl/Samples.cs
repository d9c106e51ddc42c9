namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>Objects that several tests use.</summary>
internal static class Samples
{
    public const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          labels: {app: web}
        spec:
          replicas: 2
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: web
                image: registry.test/web:1.0
                ports:
                - containerPort: 8080
                resources:
                  limits: {cpu: 100m}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          selector: {app: web}
          ports:
          - port: 80
            targetPort: 8080
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web
        data:
          level: info
        """;

    /// <summary>A Deployment whose rollout is complete.</summary>
    public const string RolledOut = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: rolled
        spec:
          replicas: 1
          selector:
            matchLabels: {app: rolled}
          template:
            metadata:
              labels: {app: rolled}
            spec:
              containers:
              - {name: rolled, image: "registry.test/rolled:1"}
        status:
          observedGeneration: 1
          replicas: 1
          updatedReplicas: 1
          readyReplicas: 1
          availableReplicas: 1
          conditions:
          - {type: Available, status: "True", reason: MinimumReplicasAvailable, message: Deployment has minimum availability.}
        """;

    /// <summary>A node that is ready, and a running pod on it.</summary>
    public const string RunningPod = """
        apiVersion: v1
        kind: Node
        metadata:
          name: k3s-w1
          labels:
            kubernetes.io/hostname: k3s-w1
            node-role.kubernetes.io/worker: ""
        spec: {}
        status:
          addresses:
          - {type: InternalIP, address: 192.168.10.21}
          - {type: Hostname, address: k3s-w1}
          allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
          capacity: {cpu: "4", memory: 8Gi, pods: "110"}
          conditions:
          - {type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status, lastHeartbeatTime: "2026-01-01T00:00:00Z", lastTransitionTime: "2026-01-01T00:00:00Z"}
          nodeInfo: {architecture: amd64, bootID: b, containerRuntimeVersion: "containerd://2.0.4", kernelVersion: 6.1.0, kubeProxyVersion: v1.32.4, kubeletVersion: v1.32.4, machineID: m, operatingSystem: linux, osImage: Debian GNU/Linux 12, systemUUID: u}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: sonarr
          labels: {app: sonarr}
        spec:
          nodeName: k3s-w1
          containers:
          - name: sonarr
            image: registry.test/sonarr:4
            ports:
            - {containerPort: 8080, name: http}
          - name: exporter
            image: registry.test/exporter:1
        status:
          phase: Running
          podIP: 10.42.1.7
          podIPs:
          - ip: 10.42.1.7
          hostIP: 192.168.10.21
          startTime: "2026-01-01T00:00:00Z"
          conditions:
          - {type: Ready, status: "True"}
          containerStatuses:
          - {name: sonarr, ready: true, started: true, restartCount: 1, image: "registry.test/sonarr:4", imageID: i, state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}
          - {name: exporter, ready: true, started: true, restartCount: 0, image: "registry.test/exporter:1", imageID: i, state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}
        """;

    /// <summary>One of each kind that stays as it is, with nothing that runs. Those without a namespace have the name that is given.</summary>
    public static string ManyKinds(string name) => """
        kind: Service
        apiVersion: v1
        metadata: {name: headless}
        spec: {clusterIP: None, selector: {app: a}, ports: [{port: 80, name: http}, {port: 53, name: dns, protocol: UDP}]}
        ---
        kind: Service
        apiVersion: v1
        metadata: {name: outside}
        spec: {type: ExternalName, externalName: example.com}
        ---
        kind: Service
        apiVersion: v1
        metadata: {name: reachable}
        spec: {externalIPs: [192.0.2.7], selector: {app: a, tier: b}, ports: [{port: 8443, targetPort: 443}]}
        ---
        kind: Deployment
        apiVersion: apps/v1
        metadata: {name: none}
        spec: {replicas: 0, selector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: one, image: "one:1"}, {name: two, image: "two:2"}]}}}
        ---
        kind: StatefulSet
        apiVersion: apps/v1
        metadata: {name: none}
        spec: {replicas: 0, serviceName: headless, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: one, image: "one:1"}]}}}
        ---
        kind: DaemonSet
        apiVersion: apps/v1
        metadata: {name: nowhere}
        spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {nodeSelector: {no: such}, containers: [{name: one, image: "one:1"}]}}}
        ---
        kind: Ingress
        apiVersion: networking.k8s.io/v1
        metadata: {name: front}
        spec: {ingressClassName: nginx, tls: [{hosts: [a.test]}], rules: [{host: a.test, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: reachable, port: {number: 8443}}}}]}}, {host: b.test}]}
        ---
        kind: NetworkPolicy
        apiVersion: networking.k8s.io/v1
        metadata: {name: closed}
        spec: {podSelector: {matchLabels: {app: a}}}
        ---
        kind: ResourceQuota
        apiVersion: v1
        metadata: {name: small}
        spec: {hard: {pods: "10", requests.storage: 5Gi, limits.cpu: "4"}}
        ---
        kind: PersistentVolumeClaim
        apiVersion: v1
        metadata: {name: waiting}
        spec: {storageClassName: NAME, accessModes: [ReadWriteOnce, ReadOnlyMany], resources: {requests: {storage: 1Gi}}}
        ---
        kind: RoleBinding
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: views}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects: [{kind: ServiceAccount, name: default, namespace: default}, {kind: User, name: me, apiGroup: rbac.authorization.k8s.io}]
        ---
        kind: PersistentVolume
        apiVersion: v1
        metadata: {name: NAME}
        spec: {storageClassName: manual, capacity: {storage: 2Gi}, accessModes: [ReadWriteMany], persistentVolumeReclaimPolicy: Retain, nfs: {server: 192.0.2.9, path: /export}}
        ---
        kind: StorageClass
        apiVersion: storage.k8s.io/v1
        metadata: {name: NAME}
        provisioner: example.com/none
        volumeBindingMode: WaitForFirstConsumer
        ---
        kind: Job
        apiVersion: batch/v1
        metadata: {name: idle}
        spec: {parallelism: 0, completions: 3, manualSelector: true, selector: {matchLabels: {job: idle}}, template: {metadata: {labels: {job: idle}}, spec: {restartPolicy: Never, containers: [{name: one, image: "one:1"}]}}}
        """.Replace("NAME", name, StringComparison.Ordinal);
}
