using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Homelab;

/// <summary>A homelab's repository on disk, indexed and built.</summary>
internal sealed class SampleHomelab : IDisposable
{
    public SampleHomelab(SandboxOption? option = null)
    {
        Plan = new HomelabPlan(option ?? new());
        Repository = HomelabRepository.Create(Path.Combine(Path.GetTempPath(), $"homelabops-{Guid.NewGuid():N}"), Plan);
        Files = new DiskFiles(Repository.ClonePath);
        Index = RepositoryIndex.Read(Files);
    }

    public HomelabPlan Plan { get; }

    public HomelabRepository Repository { get; }

    public DiskFiles Files { get; }

    public RepositoryIndex Index { get; }

    /// <summary>The Flux Kustomizations, each after those that it depends on, and what they build.</summary>
    public IEnumerable<(IndexedFlux Flux, IReadOnlyList<BuiltObject> Objects)> Build()
    {
        var left = Index.FluxKustomizations.ToList();
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (left.Count > 0)
        {
            var next = left.First(flux => flux.DependsOn.All(done.Contains));
            left.Remove(next);
            done.Add($"{next.Object.Namespace}/{next.Object.Name}");
            yield return (next, FluxBuild.Run(ObjectOf(next), Files, (_, _) => null, isStrict: true).Objects);
        }
    }

    /// <summary>All objects that the cluster gets from Git, Flux first.</summary>
    public IReadOnlyList<JsonObject> Objects() => [.. Repository.FluxObjects(), .. Build().SelectMany(build => build.Objects).Select(item => item.Content)];

    public void Dispose() => Repository.Dispose();

    public static string Key(JsonObject item) => $"{item["apiVersion"]} {item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";

    private JsonObject ObjectOf(IndexedFlux flux) =>
        ManifestReader.Read(flux.Object.File, Files.Read(flux.Object.File)).Single(manifest => manifest.Document == flux.Object.Document).Content;
}
