using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>Real repositories, where a folder of them is at hand: every value of every application has a place, and a build proves it.</summary>
public sealed class ManifestCorpusTests
{
    [Theory]
    [InlineData("runbook-homelab", 20)]
    [InlineData("flux2-kustomize-helm-example", 2)]
    [InlineData("home-ops", 130)]
    public void Every_value_is_proven_to_come_from_its_place(string name, int atLeast)
    {
        Assert.SkipWhen(CorpusTests.Folder is null, "There is no folder shared/repos beside this repository with real repositories.");
        var view = ManifestView.Read(new DiskFiles(Path.Combine(CorpusTests.Folder!, name)), [], TestContext.Current.CancellationToken);

        var proven = new ManifestLocator(view).Locate(view.Apps, always: true, TestContext.Current.CancellationToken).ToArray();
        var quick = new ManifestLocator(view).Locate(view.Apps, always: false, TestContext.Current.CancellationToken).ToArray();

        Assert.Empty(proven.Where(found => found.Place is null).Select(found => ManifestLocator.Record(found.App, found.Field, found.Place)));
        Assert.Equal(proven.Select(found => found.Place!.Key), quick.Select(found => found.Place!.Key));
        Assert.InRange(proven.Length, atLeast, int.MaxValue);
    }
}
