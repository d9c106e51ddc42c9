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
}
