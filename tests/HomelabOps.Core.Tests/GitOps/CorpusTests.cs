using System.Diagnostics;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>Real repositories, where a folder of them is at hand: the same objects as kubectl's, and an index that makes sense.</summary>
public sealed class CorpusTests
{
    private static readonly Lazy<string?> Corpus = new(FindCorpus);

    [Theory]
    [InlineData("runbook-homelab", 5)]
    [InlineData("flux2-kustomize-helm-example", 5)]
    [InlineData("home-ops", 20)]
    public void Every_kustomization_gives_what_kubectl_gives(string name, int atLeast)
    {
        var root = Repository(name);
        Assert.SkipWhen(GitOpsSamples.Kubectl is null, "There is no kubectl 1.31 or later on PATH to compare with.");
        var files = new DiskFiles(root);
        var failures = new List<string>();
        var compared = 0;
        foreach (var folder in Folders(root))
        {
            var (output, error) = GitOpsSamples.Kustomize(folder);
            try
            {
                var result = KustomizeBuild.Run(files, files.PathOf(folder)!);
                Assert.Null(error);
                GitOpsSamples.AssertSame(output, result.Objects);
                compared++;
            }
            catch (HomelabException exception) when (error is not null)
            {
                // Both refuse it, for example for a file that the corpus leaves out, or a component.
                Assert.NotEmpty(exception.Message);
            }
            catch (Exception exception)
            {
                failures.Add($"{folder}: {exception.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Assert.InRange(compared, atLeast, int.MaxValue);
    }

    [Fact]
    public void The_runbooks_repository_builds_well_under_a_second()
    {
        var files = new DiskFiles(Repository("runbook-homelab"));
        var watch = Stopwatch.StartNew();
        var index = RepositoryIndex.Read(files);
        var objects = index.FluxKustomizations.Sum(flux => FluxBuild.Run(FluxObject(files, flux), files, (_, _) => null).Objects.Count);
        Assert.InRange(objects, 50, 10_000);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void The_index_leads_from_the_runbooks_applications_to_their_files()
    {
        var index = RepositoryIndex.Read(new DiskFiles(Repository("runbook-homelab")));
        Assert.Empty(index.Problems);
        Assert.All(index.FluxKustomizations, flux => Assert.NotNull(flux.Folder));
        var deployment = Assert.Single(index.Find("Deployment", "media", "sonarr"));
        Assert.Equal("/clusters/homelab/apps/media/sonarr/deployment.yaml", deployment.File);
        Assert.Contains("apps", index.AppliedBy(deployment.File).Select(flux => flux.Object.Name));
        Assert.Equal(["/clusters/homelab/apps/media/sonarr/kustomization.yaml"], index.ReferencedBy(deployment.File));
    }

    [Fact]
    public void The_index_follows_the_layout_with_a_Flux_Kustomization_for_each_application()
    {
        var index = RepositoryIndex.Read(new DiskFiles(Repository("home-ops")));
        var sonarr = index.FluxKustomizations.Single(flux => flux.Object.Name == "sonarr");
        Assert.EndsWith("/sonarr/app", sonarr.Folder, StringComparison.Ordinal);
        Assert.Contains(sonarr.Folder + "/helmrelease.yaml", sonarr.Files);
        Assert.Contains(sonarr.Files, file => file.Contains("/components/", StringComparison.Ordinal));
        var unresolved = index.FluxKustomizations.Where(flux => flux.Folder is null).Select(flux => $"{flux.Object.File}: {flux.Path}");
        Assert.Empty(unresolved);
    }

    private static IEnumerable<string> Folders(string root) => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(file => KustomizationFile.FileNames.Contains(Path.GetFileName(file)))
        .Select(file => Path.GetDirectoryName(file)!)
        .Order(StringComparer.Ordinal);

    private static System.Text.Json.Nodes.JsonObject FluxObject(DiskFiles files, IndexedFlux flux) =>
        ManifestReader.Read(flux.Object.File, files.Read(flux.Object.File)).Single(manifest => manifest.Document == flux.Object.Document).Content;

    /// <summary>Where the repositories are; null where they are not at hand.</summary>
    public static string? Folder => Corpus.Value;

    private static string Repository(string name)
    {
        Assert.SkipWhen(Corpus.Value is null, "There is no folder shared/repos beside this repository with real repositories to compare with.");
        return Path.Combine(Corpus.Value!, name);
    }

    private static string? FindCorpus()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "repos");
            if (Directory.Exists(Path.Combine(candidate, "runbook-homelab")))
            {
                return candidate;
            }
        }

        return null;
    }
}
