using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>Real repositories, where a folder of them is at hand: of every release the values that Helm gives to its chart.</summary>
public sealed class HelmCorpusTests
{
    [Theory]
    [InlineData("runbook-homelab", 0)]
    [InlineData("flux2-kustomize-helm-example", 2)]
    [InlineData("home-ops", 50)]
    public void The_values_of_every_release_of_a_real_repository_are_those_of_Helm(string name, int atLeast)
    {
        Assert.SkipWhen(HelmOracle.Program is null, HelmOracle.Absent);
        Assert.SkipWhen(CorpusTests.Folder is null, "There is no folder shared/repos beside this repository with real repositories to compare with.");
        var view = ManifestView.Read(new DiskFiles(Path.Combine(CorpusTests.Folder!, name)), [], TestContext.Current.CancellationToken);
        var releases = view.Apps.Where(app => app.IsRelease).ToList();
        Assert.InRange(releases.Count, atLeast, int.MaxValue);
        HelmOracle.Compare(releases.Select(app => (app.Object, view.Content(app), view.Trees.SelectMany(tree => tree.Nodes).SelectMany(node => node.Objects).Select(item => item.Content).ToList())));
    }
}
