using System.Diagnostics;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>Real repositories, which Flux builds: what is found there must be true. They are tested where a folder of them is at hand.</summary>
public sealed class ManifestCorpusTests
{
    // The copy holds YAML only, so the scripts of this application are really missing in it.
    private static readonly string[] MissingScripts =
    [
        "Error FileMissing kubernetes/apps/default/sonarr/app/kustomization.yaml:12:9", "Error FileMissing kubernetes/apps/default/sonarr/app/kustomization.yaml:13:9",
    ];

    [Theory]
    [InlineData("runbook-homelab", 60)]
    [InlineData("flux2-kustomize-helm-example", 10)]
    [InlineData("home-ops", 400)]
    public void A_repository_that_Flux_builds_has_no_finding(string name, int atLeast)
    {
        var snapshot = Read(name, ClusterFacts.None);
        var expected = name == "home-ops" ? MissingScripts : [];

        Assert.Equal(expected, Findings(snapshot));
        Assert.InRange(snapshot.Objects.Count(), atLeast, int.MaxValue);
    }

    [Theory]
    [InlineData("runbook-homelab")]
    [InlineData("flux2-kustomize-helm-example")]
    [InlineData("home-ops")]
    public void Nor_does_it_against_the_definitions_of_the_real_controllers(string name)
    {
        var folder = Path.Combine(Corpus(), "..", "crds");
        Assert.SkipUnless(Directory.Exists(folder), "There is no folder shared/crds beside this repository.");
        var definitions = Directory.EnumerateFiles(folder, "*.yaml").SelectMany(file => ManifestReader.Read(file, File.ReadAllBytes(file))).Select(manifest => manifest.Content).ToArray();

        var findings = Findings(Read(name, new ClusterFacts { NamedDefinitions = definitions }));

        // Its Flux operator lets alerts watch kinds of its own, which Flux' own definition does not know.
        string[] expected = name == "home-ops" ? [.. MissingScripts, "Error FieldInvalid kubernetes/components/alerts/alertmanager/alert.yaml:12:7"] : [];
        Assert.Equal(expected, findings);
    }

    [Fact]
    public void A_thousand_files_take_a_few_seconds()
    {
        var repository = new Checked();
        for (var app = 0; app < 250; app++)
        {
            repository.With($"cluster/app{app}.yaml", Checked.Flux($"app{app}", $"./more/app{app}", "postBuild: {substitute: {APP: a}}"));
            repository.With($"more/app{app}/kustomization.yaml", "namespace: media\nresources: [a.yaml, b.yaml]\n");
            repository.With($"more/app{app}/a.yaml", Checked.Map($"a{app}")).With($"more/app{app}/b.yaml", Checked.Map($"b{app}"));
        }

        var watch = Stopwatch.StartNew();
        Assert.Empty(repository.Findings());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static IEnumerable<string> Findings(ManifestSnapshot snapshot) =>
        ManifestChecks.Run(snapshot, TestContext.Current.CancellationToken).Select(finding => $"{finding.Severity} {finding.Reason} {finding.Place}");

    private static ManifestSnapshot Read(string name, ClusterFacts facts) => ManifestSnapshot.Read(new DiskFiles(Path.Combine(Corpus(), name)), facts, null, TestContext.Current.CancellationToken);

    private static string Corpus()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "repos");
            if (Directory.Exists(Path.Combine(candidate, "runbook-homelab")))
            {
                return candidate;
            }
        }

        Assert.Skip("There is no folder shared/repos beside this repository with real repositories.");
        return "";
    }
}
