namespace HomelabOps.Core.Tests.Topology;

/// <summary>Manifests of a small homelab, by what matters to the discovery.</summary>
internal static class Manifests
{
    public static string Volume(string name, string path, string claim, string key = "role", string value = "primary", string more = "") => $$"""
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: {{name}}
          generation: 2
          creationTimestamp: null
        spec:
          hostPath: { path: {{path}} }
          claimRef: { namespace: media, name: {{claim}} }
          nodeAffinity:
            required:
              nodeSelectorTerms:
                - matchExpressions: [{ key: {{key}}, operator: In, values: [{{value}}] }]
        {{more}}
        ---

        """;

    public static string Claim(string name, string? volume = null) => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: {{name}}, namespace: media }
        spec: { storageClassName: "", volumeName: {{volume ?? "null"}} }
        ---

        """;

    public static string Deployment(string name, string selector = "{}", string volumes = "[]") => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}}, namespace: media }
        spec:
          template:
            metadata: { labels: { app: {{name}} } }
            spec: { nodeSelector: {{selector}}, volumes: {{volumes}}, containers: [{ name: main, image: "example/{{name}}:1" }] }
        ---

        """;

    public static string Kustomization(string name, string path) => $$"""
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: { name: {{name}}, namespace: gitops }
        spec: { path: {{path}}, prune: true }
        ---

        """;
}
