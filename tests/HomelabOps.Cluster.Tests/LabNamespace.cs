using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>A namespace of the lab that lives for one test, and the raw API to make and change what is in it.</summary>
internal sealed class LabNamespace : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly LabApi _api = new();

    public LabNamespace()
    {
        Send(HttpMethod.Post, "/api/v1/namespaces", $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{Name}}" } }""");

        // The server takes no pod before the namespace's account has its token.
        var limit = Stopwatch.StartNew();
        while (_api.Call(HttpMethod.Get, $"/api/v1/namespaces/{Name}/serviceaccounts/default").Body["secrets"] is not JsonArray { Count: > 0 } && limit.Elapsed < Patience)
        {
            Thread.Sleep(20);
        }
    }

    public string Name { get; } = $"test-{Guid.NewGuid():N}"[..16];

    public string Kustomizations => $"/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/{Name}/kustomizations";

    public string Pods => $"/api/v1/namespaces/{Name}/pods";

    public void Send(HttpMethod method, string path, string? json = null) =>
        _api.Send(method, path, json, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");

    public void AddKustomization(string name) => Send(
        HttpMethod.Post,
        Kustomizations,
        $$"""
        {
          "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
          "kind": "Kustomization",
          "metadata": { "name": "{{name}}" },
          "spec": { "interval": "10m", "path": "./x", "prune": false, "sourceRef": { "kind": "GitRepository", "name": "flux-system", "namespace": "flux-system" } }
        }
        """);

    public void SetReady(string name, string status, string reason) => Send(
        HttpMethod.Patch,
        $"{Kustomizations}/{name}/status",
        $$"""
        {
          "status": {
            "observedGeneration": 1,
            "conditions": [{
              "type": "Ready", "status": "{{status}}", "reason": "{{reason}}", "message": "as the test says",
              "observedGeneration": 1, "lastTransitionTime": "{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}}"
            }]
          }
        }
        """);

    public void AddPod(string name, string command) => Send(
        HttpMethod.Post,
        Pods,
        $$"""
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "{{name}}", "labels": { "app": "{{name}}" } },
          "spec": {
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 1,
            "containers": [
              { "name": "first", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent", "command": ["sh", "-c", "{{command}}"] },
              { "name": "second", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent", "command": ["sh", "-c", "echo from the second"] }
            ]
          }
        }
        """);

    public void Dispose()
    {
        Send(HttpMethod.Delete, $"/api/v1/namespaces/{Name}");
        _api.Dispose();
    }
}
